import { hkdfSync } from "node:crypto";

const KEY_BYTES = 32;

/** Keys for separate purposes, so that no two ciphers share one. */
export interface DerivedKeys {
  readonly secrets: Buffer;
  readonly cursors: Buffer;
}

/** Derives them by HKDF-SHA-256 (RFC 5869) from the configured key of 32 bytes. Throws RangeError for another length. */
export function deriveKeys(encryptionKey: Uint8Array): DerivedKeys {
  if (encryptionKey.length !== KEY_BYTES) {
    throw new RangeError(`the encryption key must have ${KEY_BYTES} bytes, got ${encryptionKey.length}`);
  }
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync("sha256", encryptionKey, "", `espalier ${purpose}`, KEY_BYTES));
  return { secrets: derive("webhook secrets"), cursors: derive("cursors") };
}
