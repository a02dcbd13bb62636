import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "../files/regular-file.js";
import { isInside } from "../paths/inside.js";
import type { TensorInfo } from "./header.js";
import { malformed, quoted } from "./malformed.js";
import { openSafetensors } from "./read.js";
import { INDEX_FILE, readShardIndex } from "./read-index.js";

export const SINGLE_FILE = "model.safetensors";

/** The weights of a folder: every tensor with its place, over one file or several. */
export interface WeightFiles {
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly files: readonly string[];
  readonly sizeBytes: number;
}

/**
 * A file of a model folder by its plain name. A link may lead only to a place inside `linkRoots` (real paths).
 * Returns undefined when there is none.
 */
export async function fileOfFolder(
  dir: string,
  name: string,
  linkRoots: readonly string[],
): Promise<string | undefined> {
  let real: string;
  try {
    real = await realpath(join(dir, name));
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return undefined;
    throw malformed(name, `cannot be resolved (${systemCode(cause) ?? "unknown reason"})`, cause);
  }
  if (!linkRoots.some((root) => isInside(root, real)))
    throw malformed(name, "is a link that leaves the model's folder");
  return real;
}

/** Opens the single file or all shards of a folder; undefined when the folder has no safetensors. */
export async function openWeightFiles(dir: string, linkRoots: readonly string[]): Promise<WeightFiles | undefined> {
  const single = await fileOfFolder(dir, SINGLE_FILE, linkRoots);
  if (single !== undefined) {
    const file = await openSafetensors(single);
    return { tensors: file.tensors, files: [single], sizeBytes: file.sizeBytes };
  }
  const index = await fileOfFolder(dir, INDEX_FILE, linkRoots);
  return index === undefined ? undefined : await openShards(dir, index, linkRoots);
}

async function openShards(dir: string, indexPath: string, linkRoots: readonly string[]): Promise<WeightFiles> {
  const byShard = await readShardIndex(indexPath);
  const tensors = new Map<string, TensorInfo>();
  const files: string[] = [];
  let sizeBytes = 0;
  for (const [shard, names] of byShard) {
    const path = await fileOfFolder(dir, shard, linkRoots);
    if (path === undefined) throw malformed(INDEX_FILE, `names the shard ${quoted(shard)}, which does not exist`);
    const file = await openSafetensors(path);
    for (const name of file.tensors.keys()) {
      if (!names.has(name))
        throw malformed(shard, `holds tensor ${quoted(name)}, which the index places elsewhere or nowhere`);
    }
    for (const name of names) {
      const tensor = file.tensors.get(name);
      if (tensor === undefined) throw malformed(shard, `lacks tensor ${quoted(name)}, which the index places in it`);
      tensors.set(name, tensor);
    }
    files.push(path);
    sizeBytes += file.sizeBytes;
  }
  return { tensors, files, sizeBytes };
}
