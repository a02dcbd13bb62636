import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { DerivedKeys } from "./keys.js";

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Seals with the first of the keys and opens what any of them sealed. */
export interface Sealer {
  /** AES-256-GCM: the key's id, IV, tag, ciphertext. Every call uses a fresh random IV. */
  seal(text: string): Uint8Array<ArrayBuffer>;
  /** Undefined when no key here has sealed it, or a bit was changed. */
  open(sealed: Uint8Array): string | undefined;
  /** First bytes of what the first key sealed. */
  readonly currentId: Uint8Array<ArrayBuffer>;
}

export function makeSealer([current, ...previous]: readonly [DerivedKeys, ...DerivedKeys[]]): Sealer {
  const keys = [current, ...previous];
  return {
    seal(text) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", current.secrets, iv);
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Uint8Array.from(Buffer.concat([current.id, iv, cipher.getAuthTag(), body]));
    },
    open(sealed) {
      const key = keys.find(({ id }) => id.equals(sealed.subarray(0, id.length)));
      return key && decrypt(key.secrets, sealed.subarray(key.id.length));
    },
    currentId: Uint8Array.from(current.id),
  };
}

function decrypt(key: Uint8Array, sealed: Uint8Array): string | undefined {
  if (sealed.length < IV_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, IV_BYTES));
  decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const text = decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([text, decipher.final()]).toString("utf8");
  } catch {
    return undefined; // the tag says that it is not as it was sealed
  }
}
