import { realpath, stat } from "node:fs/promises";
import { isAbsolute, join, normalize } from "node:path";
import { AppError } from "@espalier/contracts";
import { corpusExtensions, corpusFormat } from "../corpus/corpus-format.js";
import { systemCode } from "../files/regular-file.js";
import { closestNames } from "./closest-names.js";
import { isInside } from "./inside.js";
import { findInRoots, type RootKind } from "./list-roots.js";

/** A path that a client gave, found below a configured root. */
export interface ResolvedPath {
  /** Real path, links resolved. */
  readonly path: string;
  /** The root's real path. */
  readonly root: string;
}

const MAX_PATH = 4096;
/** `.`, `/`, `\`, NUL and `%` in percent-encoding: a later decoder might turn them into a way out. */
const ENCODED = /%(?:2e|2f|5c|00|25)/i;

/**
 * Finds a model folder or corpus file that a client names, inside the configured roots and nowhere else.
 * Throws `PATH_OUTSIDE_ROOTS` for `..`, NUL, encoded parts, absolute paths elsewhere and links that leave the roots;
 * `MODEL_NOT_FOUND` or `CORPUS_NOT_FOUND` with the closest names that exist. The roots themselves are never named.
 */
export async function resolveInsideRoots(
  roots: readonly string[],
  path: string,
  kind: RootKind,
): Promise<ResolvedPath> {
  refuseSuspicious(path, kind);
  const absolute = isAbsolute(path);
  let insideSomewhere = !absolute;
  for (const root of roots) {
    const realRoot = await realpath(root).catch(() => undefined);
    if (realRoot === undefined) continue;
    if (absolute && !isInside(realRoot, normalize(path)) && !isInside(normalize(root), normalize(path))) continue;
    insideSomewhere = true;
    const real = await realPathOf(absolute ? path : join(realRoot, path));
    if (real === undefined) continue;
    if (!isInside(realRoot, real)) throw outside(path, kind);
    if (await isUsable(real, kind)) return { path: real, root: realRoot };
  }
  if (!insideSomewhere) throw outside(path, kind);
  throw await notFound(roots, path, kind);
}

function refuseSuspicious(path: string, kind: RootKind): void {
  const parts = path.split("/");
  if (path === "" || path.length > MAX_PATH || path.includes("\0") || path.includes("\\")) throw outside(path, kind);
  if (parts.includes("..") || ENCODED.test(path)) throw outside(path, kind);
}

async function realPathOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return undefined; // missing, a loop of links, or not readable for us: the same to a client
  }
}

async function isUsable(path: string, kind: RootKind): Promise<boolean> {
  const stats = await stat(path);
  return kind === "model" ? stats.isDirectory() : stats.isFile() && corpusFormat(path) !== undefined;
}

const shown = (path: string): string => JSON.stringify(path.length > 120 ? `${path.slice(0, 120)}…` : path);

function outside(path: string, kind: RootKind): AppError {
  return new AppError(
    "PATH_OUTSIDE_ROOTS",
    `The ${kind} path ${shown(path)} does not lie inside the configured roots. Name it relative to a root, without '..'.`,
  );
}

async function notFound(roots: readonly string[], path: string, kind: RootKind): Promise<AppError> {
  const existing = (await findInRoots(roots, kind)).map(({ name }) => name);
  const names = closestNames(path, existing);
  const offer =
    names.length === 0
      ? `The roots hold no ${kind} yet.`
      : `The closest that exist: ${names.map((name) => `'${name}'`).join(", ")}.`;
  return kind === "model"
    ? new AppError("MODEL_NOT_FOUND", `No model folder ${shown(path)}. ${offer}`)
    : new AppError("CORPUS_NOT_FOUND", `No corpus file ${shown(path)} (${corpusExtensions.join(", ")}). ${offer}`);
}
