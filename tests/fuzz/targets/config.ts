import { expectedTensors, parameterCount, parseConfig } from "@espalier/model";
import fc from "fast-check";
import { accepted, type FuzzTarget, must } from "../fuzz-target.js";
import { changedBytes, changedJson } from "../mutate.js";

const layer = { num_attention_heads: 2, num_key_value_heads: 1, intermediate_size: 5 };
const config = {
  model_type: "llama",
  hidden_size: 8,
  intermediate_size: 12,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  vocab_size: 16,
  max_position_embeddings: 64,
  rms_norm_eps: 1e-5,
  tie_word_embeddings: true,
  bos_token_id: 1,
  eos_token_id: [2, 3],
  rope_parameters: { rope_type: "default", rope_theta: 10_000 },
  rope_scaling: null,
  torch_dtype: "float16",
};
const pruned = {
  ...config,
  head_dim: 2,
  espalier_projection_bias: true,
  espalier_layers: [layer, { num_attention_heads: 0, num_key_value_heads: 0, intermediate_size: 0 }],
};
const documents = fc.constantFrom<unknown>(config, pruned);
const valid = documents.map((document) => new TextEncoder().encode(JSON.stringify(document)));

const keys = ["rope_theta", "rope_scaling", "quantization_config", "head_dim", "partial_rotary_factor", "dtype"];

/** config.json: an accepted one gives sizes that fit each other, and a bounded number of tensors. */
export const modelConfig: FuzzTarget = {
  name: "config",
  inputs: fc.oneof(changedBytes(valid, keys), changedJson(documents, keys)),
  async check(input) {
    const read = await accepted(() => parseConfig(new TextDecoder().decode(input)));
    if (read === undefined) return;
    for (const { heads, kvHeads } of read.shape.layers) {
      must(heads === 0 ? kvHeads === 0 : heads % kvHeads === 0, `${heads} heads over ${kvHeads} groups`);
    }
    for (const { name, shape } of expectedTensors(read)) {
      must(
        shape.every((size) => Number.isSafeInteger(size) && size > 0),
        `${name} has the shape [${shape.join(", ")}]`,
      );
    }
    must(parameterCount(read) > 0 && Number.isFinite(read.shape.ropeTheta), "no parameters");
  },
};
