import type { FastifyInstance } from "fastify";
import { sendProblem } from "../errors/send-problem.js";
import { toFailure } from "../errors/to-problem.js";
import { makeAllowedMethods } from "./allowed-methods.js";

/** Answers every error, unknown path and wrong method with problem details. Register before any route. */
export function registerProblems(app: FastifyInstance): void {
  const allowedMethods = makeAllowedMethods(app);

  app.setErrorHandler((error, request, reply) => {
    const failure = toFailure(error);
    if (failure.code === "INTERNAL") request.log.error({ event: "http.failed", err: error }, "request failed");
    return sendProblem(request, reply, failure);
  });

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "/";
    const allowed = allowedMethods(path);
    if (allowed.length === 0) {
      const detail = `Nothing is at '${path}'. The operations are listed at /docs.`;
      return sendProblem(request, reply, { code: "NOT_FOUND", detail, errors: [] });
    }
    const detail = `'${path}' does not know ${request.method}; it knows ${allowed.join(", ")}.`;
    reply.header("allow", allowed.join(", "));
    return sendProblem(request, reply, { code: "METHOD_NOT_ALLOWED", detail, errors: [] });
  });
}
