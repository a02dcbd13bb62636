import type { DecoderShape } from "@espalier/contracts";
import {
  expectedTensors,
  type FamilyName,
  familyKeys,
  type ModelConfig,
  parameterCount,
  parseConfig,
} from "@espalier/model";
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

const tinyLayer = { heads: 1, kvHeads: 1, intermediateSize: 1 };
const llama3 = {
  rope_type: "llama3",
  factor: 8,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 32,
};

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

  it("reads widths per layer as transformers writes them", () => {
    const config = parse({
      head_dim: 2,
      per_layer_config: {
        "01": { num_attention_heads: 2, num_key_value_heads: 1, intermediate_size: 5, skip: ["mlp"] },
      },
    });
    const [first, second] = config.shape.layers;
    expect(first).toEqual(parse({ head_dim: 2 }).shape.layers[0]);
    expect(second).toEqual({ heads: 2, kvHeads: 1, intermediateSize: 0 });
    expect(config.uniform).toBe(false);
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

  it("reads rope scaling, of older and of newer files", () => {
    expect(parse({ rope_scaling: { type: "linear", factor: 2 } }).shape.ropeScaling).toEqual({
      type: "linear",
      factor: 2,
    });
    expect(parse({ rope_scaling: { rope_type: "default" } }).shape.ropeScaling).toBeUndefined();
    const expected = {
      type: "llama3",
      factor: 8,
      lowFrequencyFactor: 1,
      highFrequencyFactor: 4,
      originalMaxPositions: 32,
    };
    expect(parse({ rope_scaling: llama3 }).shape.ropeScaling).toEqual(expected);
    const newer = parse({ rope_parameters: { ...llama3, rope_theta: 9 } }).shape;
    expect([newer.ropeTheta, newer.ropeScaling]).toEqual([9, expected]);
  });

  it.each<[string, Record<string, unknown>, Partial<DecoderShape>, (number | undefined)[]]>([
    ["llama", { attention_bias: true }, { biases: ["q_proj", "k_proj", "v_proj", "o_proj"] }, [undefined, undefined]],
    ["llama", { mlp_bias: true }, { biases: ["gate_proj", "up_proj", "down_proj"] }, [undefined, undefined]],
    ["mistral", {}, {}, [4096, 4096]],
    ["mistral", { sliding_window: null }, {}, [undefined, undefined]],
    ["mistral", { sliding_window: 5, layer_types: ["sliding_attention", "sliding_attention"] }, {}, [5, 5]],
    [
      "qwen2",
      { sliding_window: 5, max_window_layers: 0 },
      { biases: ["q_proj", "k_proj", "v_proj"] },
      [undefined, undefined],
    ],
    ["qwen2", { use_sliding_window: true, sliding_window: 5, max_window_layers: 1 }, {}, [undefined, 5]],
    [
      "qwen2",
      { use_sliding_window: true, layer_types: ["sliding_attention", "full_attention"] },
      {},
      [4096, undefined],
    ],
    ["qwen2", { use_sliding_window: true, sliding_window: null, max_window_layers: 0 }, {}, [undefined, undefined]],
    ["qwen3", {}, { qkNorm: true, headDim: 128 }, [undefined, undefined]],
    ["qwen3", { attention_bias: true }, { biases: ["q_proj", "k_proj", "v_proj", "o_proj"] }, [undefined, undefined]],
  ])("of a %s with %o has the options of the family", (model_type, change, options, windows) => {
    const config = parse({ model_type, ...change });
    expect(config.family).toBe(model_type);
    expect(config.shape).toMatchObject(options);
    expect(config.shape.layers.map(({ slidingWindow }) => slidingWindow)).toEqual(windows);
  });

  it("names the tensors that options add", () => {
    const names = (change: Record<string, unknown>) =>
      expectedTensors(parse({ ...change, num_hidden_layers: 1 })).map(({ name, shape }) => `${name} ${shape}`);
    expect(names({ model_type: "qwen2" })).toEqual(
      expect.arrayContaining(["model.layers.0.self_attn.q_proj.bias 8", "model.layers.0.self_attn.k_proj.bias 4"]),
    );
    expect(names({ model_type: "qwen3", head_dim: 6 })).toEqual(
      expect.arrayContaining(["model.layers.0.self_attn.q_norm.weight 6", "model.layers.0.self_attn.k_norm.weight 6"]),
    );
  });

  it.each([
    { model_type: "llama", attention_bias: true },
    { model_type: "mistral", sliding_window: 7 },
    { model_type: "qwen2", use_sliding_window: true, sliding_window: 7, max_window_layers: 1 },
    { model_type: "qwen3", attention_bias: true, head_dim: 2, layer_types: ["full_attention", "full_attention"] },
  ])("is said by its family's own keys: %o", (change) => {
    const { family, shape } = parse(change);
    const keys = familyKeys(family, shape);
    expect(parse({ model_type: family, head_dim: shape.headDim, ...keys }).shape).toEqual(shape);
  });

  it.each<[FamilyName, Partial<DecoderShape>]>([
    ["llama", { biases: ["o_proj", "down_proj"] }],
    ["llama", { qkNorm: true }],
    ["llama", { layers: [{ heads: 1, kvHeads: 1, intermediateSize: 1, slidingWindow: 3 }] }],
    ["mistral", { biases: ["o_proj", "down_proj"] }],
    ["mistral", { layers: [3, 4].map((slidingWindow) => ({ ...tinyLayer, slidingWindow })) }],
    ["qwen2", {}],
    ["qwen2", { biases: ["q_proj", "k_proj", "v_proj", "o_proj"] }],
    ["qwen3", {}],
    ["qwen3", { qkNorm: true, biases: ["down_proj"] }],
  ])("of a %s has no keys for %o", (family, change) => {
    expect(familyKeys(family, { ...parse().shape, ...change })).toBeUndefined();
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
    ["rope_parameters.full_attention", { rope_parameters: { full_attention: { rope_type: "default" } } }],
    ["rope_scaling", { rope_scaling: { type: "linear", factor: 2 }, rope_parameters: { rope_theta: 1 } }],
    ["rope_scaling", { rope_scaling: "linear" }],
    ["rope_scaling.type", { rope_scaling: { type: "dynamic", factor: 2 } }],
    ["rope_scaling.rope_type", { rope_scaling: { rope_type: "longrope", factor: 2 } }],
    ["rope_scaling.factor", { rope_scaling: { type: "linear" } }],
    ["rope_scaling.factor", { rope_scaling: { type: "linear", factor: 0.5 } }],
    ["rope_scaling.low_freq_factor", { rope_scaling: { rope_type: "llama3", factor: 2 } }],
    ["rope_scaling.high_freq_factor", { rope_scaling: { ...llama3, high_freq_factor: 1 } }],
    [
      "rope_scaling.original_max_position_embeddings",
      { rope_scaling: { ...llama3, original_max_position_embeddings: null } },
    ],
    ["rope_scaling.partial_rotary_factor", { rope_scaling: { ...llama3, partial_rotary_factor: 0.5 } }],
    ["attention_bias", { attention_bias: "yes" }],
    ["attention_bias", { model_type: "mistral", attention_bias: true }],
    ["sliding_window", { model_type: "mistral", sliding_window: 0 }],
    [
      "layer_types.1",
      { model_type: "mistral", sliding_window: 4, layer_types: ["sliding_attention", "full_attention"] },
    ],
    ["layer_types.0", { model_type: "qwen2", layer_types: ["sliding_attention", "full_attention"] }],
    ["layer_types.1", { model_type: "qwen3", layer_types: ["full_attention", "chunked_attention"] }],
    ["layer_types.length", { model_type: "qwen3", layer_types: ["full_attention"] }],
    ["hidden_act", { hidden_act: "gelu" }],
    ["tie_word_embeddings", { tie_word_embeddings: "yes" }],
    ["quantization_config", { quantization_config: { bits: 4 } }],
    ["partial_rotary_factor", { partial_rotary_factor: 0.5 }],
    ["eos_token_id", { eos_token_id: "2" }],
    ["per_layer_config.1", { head_dim: 2, per_layer_config: { 1: { head_dim: 4 } } }],
    ["per_layer_config", { head_dim: 2, per_layer_config: { 2: { intermediate_size: 4 } } }],
    [
      "num_key_value_heads",
      { head_dim: 2, per_layer_config: { 1: { num_attention_heads: 3, num_key_value_heads: 2 } } },
    ],
    ["per_layer_config.0.num_local_experts", { head_dim: 2, per_layer_config: { 0: { num_local_experts: 2 } } }],
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
