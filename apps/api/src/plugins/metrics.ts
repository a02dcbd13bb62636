import type { ApiMetrics } from "@espalier/telemetry";
import type { FastifyInstance } from "fastify";

/** Measures every answer by its route's template, never by its URL; streams of events have a gauge of their own. */
export function registerMetrics(app: FastifyInstance, metrics: ApiMetrics): void {
  app.addHook("onResponse", (request, reply, done) => {
    const isStream = String(reply.getHeader("content-type")).startsWith("text/event-stream");
    if (!isStream) {
      metrics.requestAnswered({
        method: request.method,
        route: request.routeOptions.url,
        status: reply.statusCode,
        seconds: reply.elapsedTime / 1000,
      });
    }
    done();
  });
}
