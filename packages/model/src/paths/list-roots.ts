import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { corpusFormat } from "../corpus/corpus-format.js";
import { isInside } from "./inside.js";
import { realRoots } from "./real-roots.js";

/** Kinds of things that clients name by path. */
export type RootKind = "model" | "corpus";

/** A model folder or corpus file below a root. */
export interface Found {
  /** How a client names it: its path below the root, with `/`. */
  readonly name: string;
  /** Real path. */
  readonly path: string;
}

/** `organisation/model` is the deepest layout that is used. */
const MAX_DEPTH = 2;
/** A root with more entries is listed only in part. */
const MAX_ENTRIES = 2000;

const WEIGHTS = /^config\.json$|\.(?:safetensors|bin|pt|pth|ckpt)$|\.safetensors\.index\.json$/;

/** What lies below the roots, sorted by name; of equal names the first root's counts. Links that leave a root are passed over. */
export async function findInRoots(roots: readonly string[], kind: RootKind): Promise<readonly Found[]> {
  const found = new Map<string, Found>();
  for (const realRoot of await realRoots(roots)) await walk({ realRoot, kind, found }, "", MAX_DEPTH);
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface Walk {
  readonly realRoot: string;
  readonly kind: RootKind;
  readonly found: Map<string, Found>;
}

async function walk(context: Walk, below: string, depth: number): Promise<void> {
  const entries = await readdir(join(context.realRoot, below), { withFileTypes: true }).catch((): Dirent[] => []);
  for (const entry of entries.filter(({ name }) => !name.startsWith("."))) {
    if (context.found.size >= MAX_ENTRIES) return;
    const name = below === "" ? entry.name : `${below}/${entry.name}`;
    const path = await realpath(join(context.realRoot, name)).catch(() => undefined);
    if (path === undefined || !isInside(context.realRoot, path)) continue;
    const stats = await stat(path).catch(() => undefined);
    const isMatch =
      context.kind === "model"
        ? stats?.isDirectory() && (await isModelFolder(path))
        : stats?.isFile() && corpusFormat(name);
    if (isMatch) {
      if (!context.found.has(name)) context.found.set(name, { name, path });
    } else if (stats?.isDirectory() && depth > 1) {
      await walk(context, name, depth - 1);
    }
  }
}

async function isModelFolder(path: string): Promise<boolean> {
  const names = await readdir(path).catch((): string[] => []);
  return names.some((name) => WEIGHTS.test(name));
}
