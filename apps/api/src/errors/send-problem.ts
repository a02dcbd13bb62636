import { errorCatalogue } from "@espalier/contracts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type Failure, toProblem } from "./to-problem.js";

/** Seconds after which a client may try again, for errors that pass by themselves. */
const RETRY_AFTER_SECONDS = 5;

/** Path without the query, which may carry cursors. */
const pathOf = (url: string): string => url.split("?", 1)[0] ?? "/";

/** Answers with `application/problem+json`. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, failure: Failure): FastifyReply {
  const { status, retryable } = errorCatalogue[failure.code];
  if (retryable && !reply.hasHeader("retry-after")) reply.header("retry-after", RETRY_AFTER_SECONDS);
  return reply
    .code(status)
    .removeHeader("etag")
    .type("application/problem+json")
    .serializer((problem) => JSON.stringify(problem))
    .send(toProblem(failure, pathOf(request.url), request.id));
}
