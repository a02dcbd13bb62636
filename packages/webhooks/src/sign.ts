import { createHmac } from "node:crypto";
import { secretKey } from "./secret.js";

export interface SignedMessage {
  readonly id: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * Value of `webhook-signature`: HMAC-SHA256 of `id.timestamp.body`, base64, version `v1`; one signature per secret,
 * separated by spaces, so that old and new secrets both verify while one is rotated (Standard Webhooks 1.0).
 */
export function sign(message: SignedMessage, secrets: readonly string[]): string {
  if (secrets.length === 0) throw new RangeError("sign: no secret given");
  const content = `${message.id}.${message.timestamp}.${message.body}`;
  return secrets
    .map((secret) => `v1,${createHmac("sha256", secretKey(secret)).update(content).digest("base64")}`)
    .join(" ");
}
