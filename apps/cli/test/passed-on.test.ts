import { ConfigurationError } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { passedOn } from "../src/stack/passed-on.js";

describe("what espalier up passes on", () => {
  it("is what each process knows, as it was written, but for what the stack decides", () => {
    const env = {
      ESPALIER_API_KEY: "a key of sixteen or more",
      ESPALIER_RATE_LIMIT_READS: "10",
      ESPALIER_TRUST_PROXY: "10.0.0.0/8",
      ESPALIER_METRICS_TOKEN: "a token of sixteen or more",
      ESPALIER_METRICS_PORT: "9464",
      ESPALIER_TRACING: "true",
      ESPALIER_LEASE_SECONDS: "20",
      ESPALIER_WEBHOOK_RETRY_SECONDS: "1,2",
      ESPALIER_LOG_LEVEL: "",
      ESPALIER_URL: "http://elsewhere.test",
      ESPALIER_DATABASE_URL: "postgresql://elsewhere.test/db",
      ESPALIER_PORT: "1",
      ESPALIER_THREADS: "7",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
    };
    const shared = { ESPALIER_METRICS_TOKEN: "a token of sixteen or more", ESPALIER_TRACING: "true" };
    expect(passedOn(env)).toEqual({
      api: {
        ...shared,
        ESPALIER_API_KEY: "a key of sixteen or more",
        ESPALIER_RATE_LIMIT_READS: "10",
        ESPALIER_TRUST_PROXY: "10.0.0.0/8",
      },
      worker: {
        ...shared,
        ESPALIER_METRICS_PORT: "9464",
        ESPALIER_LEASE_SECONDS: "20",
        ESPALIER_WEBHOOK_RETRY_SECONDS: "1,2",
      },
    });
  });

  it("is refused where the processes would refuse it", () => {
    expect(() => passedOn({ ESPALIER_TRACING: "perhaps" })).toThrow(ConfigurationError);
    expect(() => passedOn({ ESPALIER_METRIC_PORT: "1" })).toThrow(/Closest known variable: ESPALIER_METRICS_PORT/);
    expect(passedOn({})).toEqual({ api: {}, worker: {} });
  });
});
