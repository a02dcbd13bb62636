import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";

const ACCEPTABLE = /^[A-Za-z0-9._-]{1,128}$/;

export const newRequestId = (): string => `req_${randomUUID()}`;

/** The caller's `X-Request-Id` where it is harmless to log, else a new one. */
export function requestIdOf(request: Pick<IncomingMessage, "headers">): string {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && ACCEPTABLE.test(given) ? given : newRequestId();
}
