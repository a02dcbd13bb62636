import type { Tracing } from "@espalier/pipeline";
import { otelTracing } from "./otel-tracing.js";

export interface TracingOptions {
  readonly enabled: boolean;
  /** `espalier-api` or `espalier-worker`, unless OTEL_SERVICE_NAME says another. */
  readonly serviceName: string;
}

export interface RunningTracing {
  /** Absent while tracing is off. */
  readonly tracing?: Tracing;
  /** Sends what was recorded. */
  close(): Promise<void>;
}

/**
 * Starts tracing where it is on. Everything else comes from the standard variables: OTEL_EXPORTER_OTLP_ENDPOINT,
 * OTEL_EXPORTER_OTLP_HEADERS, OTEL_TRACES_SAMPLER and their like. The SDK is loaded only here, and only when on.
 */
export async function startTracing({ enabled, serviceName }: TracingOptions): Promise<RunningTracing> {
  if (!enabled) return { close: async () => undefined };
  const { openProvider } = await import("./open-provider.js");
  const provider = openProvider(serviceName);
  return { tracing: otelTracing(provider.getTracer("espalier")), close: () => provider.shutdown() };
}
