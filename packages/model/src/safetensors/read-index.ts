import { readBoundedFile } from "../files/regular-file.js";
import { parseShardIndex } from "./shard-index.js";

export const INDEX_FILE = "model.safetensors.index.json";

/** An index lists every tensor once, about 100 bytes each; 16 MiB is far above any published one. */
export const MAX_INDEX_BYTES = 16 * 1024 * 1024;

/** The tensors of each shard that an index file names. Throws `MODEL_FILE_MALFORMED`. */
export async function readShardIndex(path: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const bytes = await readBoundedFile(path, MAX_INDEX_BYTES, {
    missing: "MODEL_NOT_FOUND",
    unreadable: "MODEL_FILE_MALFORMED",
    label: INDEX_FILE,
  });
  return parseShardIndex(bytes, INDEX_FILE);
}
