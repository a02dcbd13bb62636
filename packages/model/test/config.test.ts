import { expectedTensors, type ModelConfig, parameterCount, parseConfig } from "@espalier/model";
import { describe, expect, it } from "vitest";
import { tinyConfig } from "./support/model-files.js";
import { refusal } from "./support/refusal.js";

const parse = (change: Record<string, unknown> = {}): ModelConfig =>
  parseConfig(JSON.stringify({ ...tinyConfig, ...change }));
const layer = (heads: number, kvHeads: number, channels: number) => ({
  num_attention_heads: heads,
  num_key_value_heads: kvHeads,
  intermediate_size: channels,
});

describe("config.json", () => {
  it("gives the shape of the decoder, with the defaults of Llama", () => {
    const { family, shape, uniform, eosTokenIds, bosTokenId } = parse();
    expect({ family, uniform, eosTokenIds, bosTokenId }).toEqual({
      family: "llama",
      uniform: true,
      eosTokenIds: [],
      bosTokenId: undefined,
    });
    expect(shape).toEqual({
      hiddenSize: 8,
      headDim: 2,
      vocabSize: 16,
      maxPositions: 64,
      ropeTheta: 10000,
      rmsNormEps: 1e-6,
      tiedEmbeddings: true,
      layers: [
        { heads: 4, kvHeads: 2, intermediateSize: 12 },
        { heads: 4, kvHeads: 2, intermediateSize: 12 },
      ],
    });
  });

  it("reads multi-head attention, an own head size, several end tokens and the newer rope_parameters", () => {
    const { num_key_value_heads: _, ...withoutKv } = tinyConfig;
    expect(parseConfig(JSON.stringify(withoutKv)).shape.layers[0]?.kvHeads).toBe(4);
    expect(parse({ head_dim: 6 }).shape.headDim).toBe(6);
    expect(parse({ eos_token_id: [2, 3], bos_token_id: 1 })).toMatchObject({ eosTokenIds: [2, 3], bosTokenId: 1 });
    expect(parse({ rope_theta: 5e5 }).shape.ropeTheta).toBe(5e5);
    expect(parse({ rope_parameters: { rope_type: "default", rope_theta: 7 } }).shape.ropeTheta).toBe(7);
    expect(parse({ dtype: "bfloat16" }).torchDtype).toBe("bfloat16");
  });

  it("names the tensors of a tied and of an untied model", () => {
    const tied = expectedTensors(parse());
    expect(tied.map(({ name }) => name)).not.toContain("lm_head.weight");
    expect(tied.find(({ name }) => name === "model.layers.1.self_attn.k_proj.weight")?.shape).toEqual([4, 8]);
    expect(expectedTensors(parse({ tie_word_embeddings: false })).at(-1)).toEqual({
      name: "lm_head.weight",
      shape: [16, 8],
    });
    // 16·8 embeddings + 2·(2·8 norms + 2·8·8 q, o + 2·4·8 k, v + 3·12·8 MLP) + 8 final norm
    expect(parameterCount(parse())).toBe(128 + 2 * (16 + 128 + 64 + 288) + 8);
  });

  it("reads the widths of a pruned model; a sub-block of zero width has no tensors", () => {
    const config = parse({ head_dim: 2, espalier_layers: [layer(2, 1, 5), layer(0, 0, 0)] });
    expect(config.uniform).toBe(false);
    expect(config.shape.layers).toEqual([
      { heads: 2, kvHeads: 1, intermediateSize: 5 },
      { heads: 0, kvHeads: 0, intermediateSize: 0 },
    ]);
    const names = expectedTensors(config).map(({ name }) => name);
    expect(names.filter((name) => name.startsWith("model.layers.1."))).toEqual([]);
    expect(names.filter((name) => name.startsWith("model.layers.0."))).toHaveLength(9);
  });

  it("reads the biases that compensate removed inputs", () => {
    const config = parse({ espalier_projection_bias: true });
    const biases = expectedTensors(config).filter(({ name }) => name.endsWith(".bias"));
    expect(config.uniform).toBe(false);
    expect(biases.slice(0, 2)).toEqual([
      { name: "model.layers.0.self_attn.o_proj.bias", shape: [8] },
      { name: "model.layers.0.mlp.down_proj.bias", shape: [8] },
    ]);
    expect(biases).toHaveLength(4);
  });

  it.each<[string, Record<string, unknown>]>([
    ["hidden_size", { hidden_size: "8" }],
    ["hidden_size", { hidden_size: 0 }],
    ["hidden_size", { hidden_size: -8 }],
    ["hidden_size", { hidden_size: 1e300 }],
    ["hidden_size", { hidden_size: 8.5 }],
    ["hidden_size", { hidden_size: null }],
    ["num_hidden_layers", { num_hidden_layers: 1e9 }],
    ["vocab_size", { vocab_size: {} }],
    ["num_attention_heads", { num_attention_heads: 3, num_key_value_heads: 1 }],
    ["num_key_value_heads", { num_key_value_heads: 3 }],
    ["num_key_value_heads", { num_key_value_heads: 8 }],
    ["head_dim", { head_dim: 3 }],
    ["head_dim", { head_dim: 2 ** 22 }],
    ["rms_norm_eps", { rms_norm_eps: -1 }],
    ["rope_theta", { rope_theta: 0 }],
    ["rope_theta", { rope_theta: "10000" }],
    ["rope_parameters.rope_type", { rope_parameters: { rope_type: "yarn", rope_theta: 1 } }],
    ["rope_scaling", { rope_scaling: { type: "linear", factor: 2 } }],
    ["attention_bias", { attention_bias: true }],
    ["mlp_bias", { mlp_bias: true }],
    ["hidden_act", { hidden_act: "gelu" }],
    ["tie_word_embeddings", { tie_word_embeddings: "yes" }],
    ["quantization_config", { quantization_config: { bits: 4 } }],
    ["partial_rotary_factor", { partial_rotary_factor: 0.5 }],
    ["eos_token_id", { eos_token_id: "2" }],
    ["head_dim", { espalier_layers: [layer(2, 1, 5), layer(2, 1, 5)] }],
    ["espalier_layers.length", { head_dim: 2, espalier_layers: [layer(2, 1, 5)] }],
    ["espalier_layers.1.num_key_value_heads", { head_dim: 2, espalier_layers: [layer(2, 1, 5), layer(2, 0, 5)] }],
    ["espalier_layers.0.num_key_value_heads", { head_dim: 2, espalier_layers: [layer(3, 2, 5), layer(2, 1, 5)] }],
    ["espalier_layers.0.intermediate_size", { head_dim: 2, espalier_layers: [layer(2, 1, -5), layer(2, 1, 5)] }],
    ["model_type", { model_type: 7 }],
  ])("with a wrong %s is refused by key and value", async (key, change) => {
    const error = await refusal(() => parse(change));
    expect(error.code).toBe("MODEL_CONFIG_INVALID");
    expect(error.message).toContain(`'${key}'`);
  });

  it("of another family is refused with the list of supported ones", async () => {
    for (const model_type of ["gpt2", "toString", "__proto__"]) {
      const error = await refusal(() => parse({ model_type }));
      expect(error.code).toBe("MODEL_FAMILY_UNSUPPORTED");
      expect(error.message).toMatch(new RegExp(`"${model_type}".*llama`));
    }
  });

  it("that is not a JSON object is refused", async () => {
    for (const text of ["", "[]", "null", "{", `"llama"`]) {
      expect((await refusal(() => parseConfig(text))).code).toBe("MODEL_CONFIG_INVALID");
    }
  });
});
