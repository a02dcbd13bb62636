import type { Span, SpanOptions, Tracing } from "@espalier/pipeline";
import {
  type Context,
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";

const TRACE_PARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The context that a `traceparent` (W3C Trace Context, version 00) names; an unreadable one names none. */
function remoteContext(traceParent: string | null | undefined): Context {
  if (traceParent === undefined) return context.active();
  const [, traceId = "", spanId = "", flags = ""] = TRACE_PARENT.exec(traceParent ?? "") ?? [];
  const parent = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(parent) ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
}

/** The tracing port over an OpenTelemetry tracer. A span that throws is marked with the error's name, never its text. */
export function otelTracing(tracer: Tracer): Tracing {
  return {
    span<T>({ name, parent, attributes = {} }: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
      const within = remoteContext(parent);
      const span = tracer.startSpan(name, { attributes }, within);
      return context.with(trace.setSpan(within, span), async () => {
        try {
          return await work({ set: (more) => void span.setAttributes(more) });
        } catch (error) {
          const message = error instanceof Error ? error.name : "error";
          span.setStatus({ code: SpanStatusCode.ERROR, message });
          throw error;
        } finally {
          span.end();
        }
      });
    },
    traceParent() {
      const current = trace.getActiveSpan()?.spanContext();
      if (current === undefined) return null;
      const flags = current.traceFlags.toString(16).padStart(2, "0");
      return `00-${current.traceId}-${current.spanId}-${flags}`;
    },
  };
}
