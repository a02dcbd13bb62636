import { createHash, timingSafeEqual } from "node:crypto";

/** Who asks for metrics. */
export interface MetricsReader {
  readonly authorization: string | undefined;
  readonly remoteAddress: string | undefined;
}

const LOOPBACK = /^(?:::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/;

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/**
 * Whether a reader may see the metrics. With a token everybody needs it, loopback too, since a proxy on this machine
 * asks from there; without one only this machine may read.
 */
export function mayReadMetrics(token: string | undefined, { authorization, remoteAddress }: MetricsReader): boolean {
  if (token === undefined) return LOOPBACK.test(remoteAddress ?? "");
  return timingSafeEqual(digest(authorization ?? ""), digest(`Bearer ${token}`));
}
