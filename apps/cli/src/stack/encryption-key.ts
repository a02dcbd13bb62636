import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const KEY_BYTES = 32;

export interface EncryptionKeys {
  readonly current: string;
  /** Those in use before, separated by commas. */
  readonly previous: string;
}

/**
 * The keys of this data folder (base64), one a line, the current one first; made on first use. They encrypt webhook secrets
 * and sign cursors.
 */
export async function encryptionKeys(dataDir: string): Promise<EncryptionKeys> {
  const path = join(dataDir, "encryption.key");
  if (!existsSync(path)) await writeFile(path, `${randomBytes(KEY_BYTES).toString("base64")}\n`, { mode: 0o600 });
  const [current = "", ...previous] = (await readFile(path, "utf8")).split(/\s+/).filter((line) => line !== "");
  return { current, previous: previous.join(",") };
}
