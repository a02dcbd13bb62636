import { type ApiScope, AppError, allows } from "@espalier/contracts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Authenticate } from "../access/authenticate.js";
import type { RateLimit } from "./rate-limit.js";

declare module "fastify" {
  interface FastifyContextConfig {
    /** What a key must allow for this route. */
    readonly scope?: ApiScope;
  }
}

/** Requests must come with a key whose scopes allow the route, and not too many of them; every route declares its scope. */
export function registerAccess(app: FastifyInstance, authenticate: Authenticate, limit: RateLimit): void {
  app.addHook("onRoute", ({ method, url, config }) => {
    if (config?.scope === undefined) throw new RangeError(`${method} ${url} declares no scope (config.scope)`);
  });
  app.addHook("onRequest", async (request, reply) => {
    const found = await authenticate(request);
    const isCaller = "scopes" in found;
    if (isCaller) request.caller = found;
    await limit(request, reply);
    if (!isCaller) {
      reply.header("www-authenticate", found.challenge);
      throw new AppError("UNAUTHORIZED", found.detail);
    }
    assertAllowed(request, reply, found.scopes);
  });
}

function assertAllowed({ routeOptions }: FastifyRequest, reply: FastifyReply, granted: readonly ApiScope[]): void {
  const { scope = "admin" } = routeOptions.config;
  if (allows(granted, scope)) return;
  reply.header("www-authenticate", `Bearer realm="espalier", error="insufficient_scope", scope="${scope}"`);
  throw new AppError("FORBIDDEN", `This needs the scope '${scope}'; the key has ${granted.join(", ")}.`);
}
