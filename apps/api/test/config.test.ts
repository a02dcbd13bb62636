import { ConfigurationError, formatApiKey, newApiKeyId } from "@espalier/contracts";
import { makeLogger } from "@espalier/telemetry";
import { describe, expect, it } from "vitest";
import { loadConfig } from "../src/config.js";

const complete = {
  ESPALIER_DATABASE_URL: "postgresql://espalier@127.0.0.1:5432/espalier",
  ESPALIER_DATA_DIR: "data",
  ESPALIER_MODEL_ROOTS: "models",
  ESPALIER_CORPUS_ROOTS: "corpora",
  ESPALIER_ENCRYPTION_KEY: Buffer.alloc(32, 1).toString("base64"),
};

const problemsOf = (env: Record<string, string>): string => {
  try {
    loadConfig(env);
    return "";
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.message;
  }
};

describe("the API's configuration", () => {
  it("needs only what has no sensible default", () => {
    expect(loadConfig(complete)).toMatchObject({
      host: "127.0.0.1",
      port: 8080,
      redisUrl: undefined,
      apiKey: undefined,
    });
  });

  it("refuses an address that others can reach without a key", () => {
    for (const host of ["0.0.0.0", "::", "192.168.1.5", "example.com"]) {
      expect(problemsOf({ ...complete, ESPALIER_HOST: host })).toContain("ESPALIER_API_KEY is not set");
    }
    const key = "a key of sixteen or more characters";
    expect(loadConfig({ ...complete, ESPALIER_HOST: "0.0.0.0", ESPALIER_API_KEY: key }).apiKey).toBe(key);
    expect(loadConfig({ ...complete, ESPALIER_HOST: "::1" }).host).toBe("::1");
  });

  it("refuses to trust a proxy without a key: others reach the service through it", () => {
    const behind = { ...complete, ESPALIER_TRUST_PROXY: "10.0.0.0/8" };
    expect(problemsOf(behind)).toContain("ESPALIER_TRUST_PROXY is set");
    const key = "a key of sixteen or more characters";
    expect(loadConfig({ ...behind, ESPALIER_API_KEY: key }).trustedProxies).toEqual(["10.0.0.0/8"]);
  });

  it("takes no offence at the command line's variables", () => {
    expect(problemsOf({ ...complete, ESPALIER_URL: "http://127.0.0.1:8080" })).toBe("");
  });

  it("never shows values", () => {
    const message = problemsOf({ ...complete, ESPALIER_API_KEY: "short", ESPALIER_ENCRYPTION_KEY: "c2VjcmV0" });
    expect(message).toContain("ESPALIER_API_KEY");
    expect(message).not.toContain("short.");
    expect(message).not.toContain("c2VjcmV0");
  });
});

describe("the log", () => {
  it("has a mark in the place of secrets", () => {
    const lines: string[] = [];
    const log = makeLogger({ service: "api", level: "info" }, { write: (line) => void lines.push(line) });
    const canary = "canary-93b1";
    log.info({ req: { headers: { authorization: canary } }, secret: canary, config: { apiKey: canary } }, "hello");
    expect(lines.join("")).not.toContain(canary);
    expect(lines.join("")).toContain("[redacted]");
  });

  it("has a mark in the place of secrets inside texts too", () => {
    const lines: string[] = [];
    const log = makeLogger({ service: "api", level: "info" }, { write: (line) => void lines.push(line) });
    const key = formatApiKey({ id: newApiKeyId(), secret: "canary-".padEnd(43, "x") });
    log.info({ err: new Error(`refused '${key}'`) }, `sent whsec_${"canary".padEnd(43, "x")}=`);
    expect(lines.join("")).not.toContain("canary");
    expect(JSON.parse(lines[0] ?? "").msg).toBe("sent [redacted]");
  });
});
