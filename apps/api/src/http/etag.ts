import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";

/** Strong validator of a JSON answer: a hash of its bytes. */
const etagOf = (value: unknown): string =>
  `"${createHash("sha256").update(JSON.stringify(value)).digest("base64url")}"`;

/** Whether a list of entity tags (`If-None-Match`) names this one; compared weakly (RFC 9110 §13.1.2). */
export function namesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const opaque = (tag: string): string => tag.trim().replace(/^W\//, "");
  return header.trim() === "*" || header.split(",").some((tag) => opaque(tag) === opaque(etag));
}

/** Sends a resource with its ETag, or 304 when the client has it. */
export function sendResource(request: FastifyRequest, reply: FastifyReply, resource: unknown): FastifyReply {
  const etag = etagOf(resource);
  reply.header("etag", etag).header("cache-control", "private, no-cache");
  if (namesEtag(request.headers["if-none-match"], etag)) return reply.code(304).send();
  return reply.code(200).send(resource);
}
