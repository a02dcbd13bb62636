import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("./corpus", import.meta.url));

/** The kept inputs of a target: each once broke something, or is a known hard case that its name tells. */
export function keptInputs(target: string): readonly (readonly [name: string, input: Uint8Array])[] {
  const folder = join(root, target);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => [name, readFileSync(join(folder, name))] as const);
}

/** Keeps an input that broke a target, and returns where. */
export function keepInput(target: string, input: Uint8Array): string {
  const folder = join(root, target);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `found-${createHash("sha256").update(input).digest("hex").slice(0, 12)}`);
  writeFileSync(path, input);
  return path;
}
