import { jobId } from "@espalier/contracts";
import "../access/caller.js";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { clientAddress } from "../http/client-address.js";

/** The job that a request is about, so that its lines are found beside those of the workers. */
function jobOf({ routeOptions, params }: FastifyRequest): { readonly job_id?: string | undefined } {
  const { id } = (params ?? {}) as { readonly id?: string };
  if (routeOptions.url?.startsWith("/v1/jobs/") !== true) return {};
  // Whatever else stands there is the client's, and may be a secret in the wrong place.
  return jobId.safeParse(id).success ? { job_id: id } : {};
}

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
      ...jobOf(request),
      client_address: clientAddress(request),
      ...(request.caller?.keyId !== undefined && { api_key_id: request.caller.keyId }),
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime),
    };
    request.log.info(fields, "request answered");
    done();
  });
}
