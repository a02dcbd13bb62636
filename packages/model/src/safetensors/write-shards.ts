import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dtypeBytes } from "./dtype.js";
import { INDEX_FILE } from "./read-index.js";
import { SINGLE_FILE } from "./shards.js";
import { type TensorToWrite, writeSafetensors } from "./write.js";

/** What one file holds at most, as transformers cuts: hubs and file systems have trouble with larger ones. */
const SHARD_BYTES = 5_000_000_000;

/**
 * Writes the weights of a folder: one file, or shards of at most `shardBytes` and their index where one file would be
 * larger. Tensors keep their order and are never cut, so that a tensor above the limit has a shard of its own. Throws as
 * `writeSafetensors`.
 */
export async function writeShards(
  dir: string,
  entries: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>> = {},
  shardBytes = SHARD_BYTES,
): Promise<void> {
  const [first = [], ...others] = shardsOf(entries, shardBytes);
  if (others.length === 0) return await writeSafetensors(join(dir, SINGLE_FILE), first, metadata);
  const shards = [first, ...others];
  const weightMap: Record<string, string> = {};
  for (const [at, shard] of shards.entries()) {
    const name = shardName(at + 1, shards.length);
    for (const tensor of shard) weightMap[tensor.name] = name;
    await writeSafetensors(join(dir, name), shard, metadata);
  }
  const total_size = entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
  await writeFile(
    join(dir, INDEX_FILE),
    `${JSON.stringify({ metadata: { total_size }, weight_map: weightMap }, null, 2)}\n`,
  );
}

/** `model-00001-of-00003.safetensors`. */
const shardName = (number: number, of: number): string =>
  `model-${String(number).padStart(5, "0")}-of-${String(of).padStart(5, "0")}.safetensors`;

const bytesOf = ({ shape, dtype }: TensorToWrite): number =>
  shape.reduce((product, size) => product * size, 1) * dtypeBytes[dtype];

function shardsOf(entries: readonly TensorToWrite[], shardBytes: number): TensorToWrite[][] {
  const shards: TensorToWrite[][] = [];
  let room = 0;
  for (const entry of entries) {
    const bytes = bytesOf(entry);
    const last = shards.at(-1);
    if (last !== undefined && bytes <= room) {
      last.push(entry);
      room -= bytes;
    } else {
      shards.push([entry]);
      room = shardBytes - bytes;
    }
  }
  return shards;
}
