import type { Tracing } from "@espalier/pipeline";
import type { FastifyInstance, FastifyRequest } from "fastify";

/** The caller's `traceparent`, so that its trace goes on here; null starts one. */
function parentOf({ headers }: FastifyRequest): string | null {
  const { traceparent } = headers;
  return typeof traceparent === "string" ? traceparent : null;
}

/** One span per `/v1` request, named by its route's template; what the handler does are its children. */
export function registerTracing(app: FastifyInstance, tracing: Tracing): void {
  // The handler starts within `done`: earlier hooks would lose the span where the body is read.
  app.addHook("preHandler", (request, reply, done) => {
    const { url: route = "none" } = request.routeOptions;
    if (!route.startsWith("/v1/")) return done();
    const attributes = {
      "http.request.method": request.method,
      "http.route": route,
      "espalier.request_id": request.id,
    };
    void tracing.span({ name: `${request.method} ${route}`, parent: parentOf(request), attributes }, async (span) => {
      const answered = new Promise<void>((resolve) => reply.raw.once("close", resolve));
      done();
      await answered;
      span.set({ "http.response.status_code": reply.statusCode });
    });
  });
}
