import { hkdfSync } from "node:crypto";

const KEY_BYTES = 32;
const ID_BYTES = 8;

/** Keys for separate purposes, so that no two ciphers share one, and the name of the key that they come from. */
export interface DerivedKeys {
  readonly id: Buffer;
  readonly secrets: Buffer;
  readonly cursors: Buffer;
}

/** Derives them by HKDF-SHA-256 (RFC 5869) from a configured key of 32 bytes. Throws RangeError for another length. */
export function deriveKeys(encryptionKey: Uint8Array): DerivedKeys {
  if (encryptionKey.length !== KEY_BYTES) {
    throw new RangeError(`an encryption key must have ${KEY_BYTES} bytes, got ${encryptionKey.length}`);
  }
  const derive = (purpose: string, bytes: number) =>
    Buffer.from(hkdfSync("sha256", encryptionKey, "", `espalier ${purpose}`, bytes));
  return {
    id: derive("key id", ID_BYTES),
    secrets: derive("webhook secrets", KEY_BYTES),
    cursors: derive("cursors", KEY_BYTES),
  };
}
