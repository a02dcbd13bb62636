import type { FastifyInstance } from "fastify";

/** One log line per request, and the request's id in every answer. Never headers, bodies or queries. */
export function registerRequestLog(app: FastifyInstance): void {
  app.addHook("onRequest", (request, reply, done) => {
    reply.header("x-request-id", request.id);
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    const fields = {
      event: "http.request",
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime),
    };
    request.log.info(fields, "request answered");
    done();
  });
}
