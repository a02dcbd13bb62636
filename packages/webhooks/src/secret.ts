import { randomBytes } from "node:crypto";

const PREFIX = "whsec_";

/** Length that Standard Webhooks recommends (24 to 64 bytes). */
const SECRET_BYTES = 32;

/** A new signing secret: `whsec_` and 32 random bytes in base64. */
export const newSecret = (): string => PREFIX + randomBytes(SECRET_BYTES).toString("base64");

/** Key bytes of a `whsec_` secret. */
export function secretKey(secret: string): Buffer {
  if (!secret.startsWith(PREFIX)) throw new TypeError(`a signing secret starts with ${PREFIX}`);
  return Buffer.from(secret.slice(PREFIX.length), "base64");
}
