import { AppError } from "@espalier/contracts";
import rateLimit, { normalizeIP } from "@fastify/rate-limit";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { clientAddress } from "../http/client-address.js";
import { RateWindows } from "./rate-windows.js";

/** Requests per minute of one key, else of one address; 0: no limit. */
export interface RateLimits {
  readonly reads: number;
  readonly writes: number;
}

/** Counts a request. Throws RATE_LIMITED for one too many. */
export type RateLimit = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

const WINDOW_SECONDS = 60;

const READING = new Set(["GET", "HEAD"]);

/** A key counts for itself wherever it is used from; who has none counts by address (IPv6: by its /64). */
function bucketOf(request: FastifyRequest): string {
  const { caller } = request;
  if (caller === null || caller.kind === "anonymous") return normalizeIP(clientAddress(request));
  return caller.keyId ?? caller.kind;
}

/** Limits of this process: several count apart. Tells what is left as the IETF draft has it (RateLimit header fields, 10). */
export async function makeRateLimit(app: FastifyInstance, limits: RateLimits): Promise<RateLimit> {
  await app.register(rateLimit, { global: false, store: RateWindows });
  const reads = limiter(app, "reads", limits.reads);
  const writes = limiter(app, "writes", limits.writes);
  return (request, reply) => (READING.has(request.method) ? reads : writes)(request, reply);
}

function limiter(app: FastifyInstance, policy: string, max: number): RateLimit {
  if (max === 0) return async () => undefined;
  const count = app.createRateLimit({ max, timeWindow: 1000 * WINDOW_SECONDS, keyGenerator: bucketOf });
  return async (request, reply) => {
    const counted = await count(request);
    if (counted.isAllowed) return; // on a list of exceptions, which we have not
    const { remaining, ttlInSeconds, isExceeded } = counted;
    reply.header("ratelimit-policy", `"${policy}";q=${max};w=${WINDOW_SECONDS}`);
    reply.header("ratelimit", `"${policy}";r=${remaining};t=${ttlInSeconds}`);
    if (!isExceeded) return;
    reply.header("retry-after", ttlInSeconds);
    throw new AppError("RATE_LIMITED", `More than ${max} ${policy} in a minute. Try again in ${ttlInSeconds} s.`);
  };
}
