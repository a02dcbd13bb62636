import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTracing } from "../src/index.js";
import { otelTracing } from "../src/tracing/otel-tracing.js";

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
beforeAll(() => provider.register());
afterAll(() => provider.shutdown());

describe("tracing", () => {
  const tracing = otelTracing(provider.getTracer("test"));

  it("goes on across processes by the stored traceparent, and inside one by itself", async () => {
    let stored: string | null = null;
    await tracing.span({ name: "request", parent: null }, async () => {
      stored = tracing.traceParent();
      await tracing.span({ name: "enqueue" }, async () => undefined);
    });
    await tracing.span({ name: "trial", parent: stored }, async () => undefined);
    const [enqueue, request, trial] = exporter.getFinishedSpans();
    expect(stored).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(new Set([enqueue, request, trial].map((span) => span.spanContext().traceId)).size).toBe(1);
    expect([enqueue, trial].map((span) => span.parentSpanContext?.spanId)).toEqual(
      Array(2).fill(request.spanContext().spanId),
    );
    expect(tracing.traceParent()).toBeNull();
  });

  it("starts a trace of its own for a traceparent that cannot be read", async () => {
    exporter.reset();
    for (const parent of ["", "00-0-0-01", `00-${"0".repeat(32)}-${"0".repeat(16)}-01`, null]) {
      await tracing.span({ name: "orphan", parent }, async () => undefined);
    }
    expect(exporter.getFinishedSpans().map((span) => span.parentSpanContext)).toEqual(Array(4).fill(undefined));
  });

  it("marks a span that failed without telling what the error said", async () => {
    exporter.reset();
    const failing = tracing.span({ name: "fails" }, () => Promise.reject(new TypeError("whsec_secret")));
    await expect(failing).rejects.toThrow("whsec_secret");
    expect(exporter.getFinishedSpans()[0]?.status).toEqual({ code: 2, message: "TypeError" });
  });

  it("is nothing at all while it is off", async () => {
    const { tracing: off, close } = await startTracing({ enabled: false, serviceName: "x" });
    expect(off).toBeUndefined();
    await close();
  });
});
