import { isIP } from "node:net";
import type { FastifyRequest } from "fastify";

/**
 * Address that a request came from: the peer's, or what trusted proxies (`ESPALIER_TRUST_PROXY`) say stood before them. What
 * they hand on that is no address counts as theirs.
 */
export const clientAddress = ({ ip, socket }: Pick<FastifyRequest, "ip" | "socket">): string =>
  isIP(ip) === 0 ? (socket.remoteAddress ?? "") : ip;

/** The peer's address, where the peer is the client itself; undefined for what a trusted proxy handed on. */
export const directAddress = ({ ip, socket }: Pick<FastifyRequest, "ip" | "socket">): string | undefined =>
  ip === socket.remoteAddress ? ip : undefined;
