import type { ApiKey } from "@espalier/client";

/** What a key's state is called at a time in milliseconds. */
export function keyState({ revoked_at, expires_at }: ApiKey, now: number): "enabled" | "revoked" | "expired" {
  if (revoked_at !== null) return "revoked";
  return expires_at !== null && Date.parse(expires_at) <= now ? "expired" : "enabled";
}
