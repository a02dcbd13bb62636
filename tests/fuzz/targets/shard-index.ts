import { basename } from "node:path";
import fc from "fast-check";
import { parseShardIndex } from "../../../packages/model/src/safetensors/shard-index.js";
import { accepted, type FuzzTarget, must } from "../fuzz-target.js";
import { changedBytes, changedJson } from "../mutate.js";

const index = {
  metadata: { total_size: 123 },
  weight_map: {
    "model.embed_tokens.weight": "model-00001-of-00002.safetensors",
    "model.layers.0.mlp.up_proj.weight": "model-00001-of-00002.safetensors",
    "model.norm.weight": "model-00002-of-00002.safetensors",
  },
};
const valid = fc.constant(new TextEncoder().encode(JSON.stringify(index)));

/** Index of a sharded model: no accepted name leads out of the folder. */
export const shardIndex: FuzzTarget = {
  name: "shard-index",
  inputs: fc.oneof(
    changedBytes(valid, ["/", "..\\", "/etc/", ".safetensors", "\\u0000", "\\u002e"]),
    changedJson(fc.constant(index), ["weight_map"]),
  ),
  async check(input) {
    const shards = await accepted(() => parseShardIndex(input, "model.safetensors.index.json"));
    for (const [shard, tensors] of shards ?? []) {
      must(basename(shard) === shard && !/[/\\\0]/.test(shard), `the shard ${JSON.stringify(shard)} is no plain name`);
      must(shard.endsWith(".safetensors") && tensors.size > 0, `the shard ${JSON.stringify(shard)}`);
    }
  },
};
