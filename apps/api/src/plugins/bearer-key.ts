import { createHash, timingSafeEqual } from "node:crypto";
import { AppError } from "@espalier/contracts";
import type { onRequestHookHandler } from "fastify";

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Hook that refuses requests without `Authorization: Bearer KEY`. Hashes are compared, in constant time. */
export function requireBearerKey(apiKey: string): onRequestHookHandler {
  const expected = digest(apiKey);
  return (request, _reply, done) => {
    const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
    if (timingSafeEqual(digest(given), expected)) return done();
    return done(new AppError("UNAUTHORIZED", "Send the service's key as 'Authorization: Bearer KEY'."));
  };
}
