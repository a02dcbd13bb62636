import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

/** A provider that keeps the current span across awaits and sends spans by OTLP over HTTP. Loaded only when tracing is on. */
export function openProvider(serviceName: string): NodeTracerProvider {
  process.env["OTEL_SERVICE_NAME"] ??= serviceName; // the SDK's own way to be told
  const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
  provider.register();
  return provider;
}
