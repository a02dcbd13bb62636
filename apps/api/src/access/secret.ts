import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { API_KEY_SECRET_BYTES } from "@espalier/contracts";

/** The random part of a new key, in base64url. */
export const newApiSecret = (): string => randomBytes(API_KEY_SECRET_BYTES).toString("base64url");

/** SHA-256, as keys are kept: their secrets are random, so that no slower hash is needed. */
export const hashSecret = (secret: string): Buffer => createHash("sha256").update(secret).digest();

/** Whether a secret is the one that was hashed, in constant time; false for no hash, in the same time. */
export function isSecretOf(secret: string, hash: Uint8Array | undefined): boolean {
  const given = hashSecret(secret);
  const isEqual = timingSafeEqual(given, hash ?? Buffer.alloc(given.length));
  return isEqual && hash !== undefined;
}
