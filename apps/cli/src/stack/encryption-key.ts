import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const KEY_BYTES = 32;

/** The key of this data folder (base64), made on first use; it encrypts webhook secrets and signs cursors. */
export async function encryptionKey(dataDir: string): Promise<string> {
  const path = join(dataDir, "encryption.key");
  if (!existsSync(path)) await writeFile(path, `${randomBytes(KEY_BYTES).toString("base64")}\n`, { mode: 0o600 });
  return (await readFile(path, "utf8")).trim();
}
