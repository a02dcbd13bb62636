import type { Page } from "@espalier/contracts";
import type { FastifyReply, FastifyRequest } from "fastify";

/** Sends one page of a list, with a `Link` to the next one (RFC 8288). */
export function sendPage<T>(request: FastifyRequest, reply: FastifyReply, page: Page<T>): FastifyReply {
  if (page.next_cursor !== null) {
    const [path = "", query = ""] = request.url.split("?", 2);
    const next = new URLSearchParams(query);
    next.set("cursor", page.next_cursor);
    reply.header("link", `<${path}?${next}>; rel="next"`);
  }
  return reply.send({ data: page.data, has_more: page.has_more, next_cursor: page.next_cursor });
}
