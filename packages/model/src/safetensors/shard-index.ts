import { basename } from "node:path";
import { malformed, quoted } from "./malformed.js";
import { parseStrictJson, type StrictJson } from "./strict-json.js";

/** Published checkpoints have at most a few hundred shards. */
const MAX_SHARDS = 4096;

/**
 * The tensors of each shard that an index (`model.safetensors.index.json`) names; shards are plain file names.
 * Throws `MODEL_FILE_MALFORMED`.
 */
export function parseShardIndex(bytes: Uint8Array, label: string): ReadonlyMap<string, ReadonlySet<string>> {
  const byShard = new Map<string, Set<string>>();
  for (const [name, shard] of readWeightMap(bytes, label)) {
    if (typeof shard !== "string" || !isShardName(shard)) {
      const shown = typeof shard === "string" ? quoted(shard) : "that is no text";
      throw malformed(label, `names the shard ${shown}; a shard is a plain '.safetensors' file name`);
    }
    const names = byShard.get(shard) ?? new Set<string>();
    byShard.set(shard, names.add(name));
  }
  if (byShard.size > MAX_SHARDS) throw malformed(label, `names ${byShard.size} shards; at most ${MAX_SHARDS} are read`);
  return byShard;
}

function readWeightMap(bytes: Uint8Array, label: string): ReadonlyMap<string, StrictJson> {
  let root: StrictJson;
  try {
    root = parseStrictJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw malformed(label, `is not valid JSON (${cause instanceof Error ? cause.message : "unreadable"})`, cause);
  }
  const weightMap = root instanceof Map ? root.get("weight_map") : undefined;
  if (!(weightMap instanceof Map)) throw malformed(label, "has no object 'weight_map'");
  return weightMap;
}

const isShardName = (name: string): boolean =>
  name.length <= 255 && basename(name) === name && !/[\\\0]/.test(name) && /^[^.].*\.safetensors$/s.test(name);
