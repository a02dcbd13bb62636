import { decoderName, expectedTensors, familyKeys, parseConfig, WeightStacks } from "@espalier/model";
import { describe, expect, it } from "vitest";
import { refusal } from "./support/refusal.js";

const mixtral = {
  model_type: "mixtral",
  hidden_size: 8,
  intermediate_size: 6,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  vocab_size: 11,
  num_local_experts: 4,
  num_experts_per_tok: 2,
};
const qwen = {
  ...mixtral,
  model_type: "qwen3_moe",
  num_local_experts: undefined,
  num_experts: 3,
  moe_intermediate_size: 5,
  norm_topk_prob: true,
};
const parse = (config: object) => parseConfig(JSON.stringify(config));

describe("a Mixtral config", () => {
  it("gives the experts of every layer and their tensors", () => {
    const { shape, uniform } = parse(mixtral);
    expect(uniform).toBe(true);
    expect(shape.ropeTheta).toBe(1e6);
    const experts = { count: 4, perToken: 2, normalised: true };
    expect(shape.layers).toEqual([0, 1].map(() => ({ heads: 2, kvHeads: 1, intermediateSize: 24, experts })));
    const tensors = new Map(expectedTensors(parse(mixtral)).map(({ name, shape: dims }) => [name, dims]));
    expect(tensors.get("model.layers.1.block_sparse_moe.gate.weight")).toEqual([4, 8]);
    expect(tensors.get("model.layers.1.block_sparse_moe.experts.3.w1.weight")).toEqual([6, 8]);
    expect(tensors.get("model.layers.1.block_sparse_moe.experts.3.w2.weight")).toEqual([8, 6]);
    expect(tensors.size).toBe(2 * (6 + 1 + 12) + 3);
  });

  it("of a pruned model gives each layer its own experts", () => {
    const layer = (intermediate_size: number, num_local_experts: number) => ({
      ...{ num_attention_heads: 2, num_key_value_heads: 1 },
      intermediate_size,
      num_local_experts,
    });
    const config = { ...mixtral, head_dim: 4, espalier_layers: [layer(6, 3), layer(6, 0)] };
    const { shape, uniform } = parse(config);
    expect(uniform).toBe(false);
    expect(shape.layers.map(({ intermediateSize, experts }) => [intermediateSize, experts?.count])).toEqual([
      [18, 3],
      [0, undefined],
    ]);
  });

  it.each([
    ["num_experts_per_tok", { num_experts_per_tok: 5 }],
    ["num_local_experts", { num_local_experts: null }],
    ["num_local_experts", { num_local_experts: 16_000, num_hidden_layers: 4000 }],
    ["num_local_experts", { num_local_experts: 0 }],
    ["attention_bias", { attention_bias: true }],
    [
      "espalier_layers.0.num_local_experts",
      {
        ...{ head_dim: 4, num_hidden_layers: 1 },
        espalier_layers: [
          { num_attention_heads: 2, num_key_value_heads: 1, intermediate_size: 6, num_local_experts: 1 },
        ],
      },
    ],
  ])("with a wrong %s is refused", async (key, change) => {
    const error = await refusal(() => parse({ ...mixtral, ...change }));
    expect(error.code).toBe("MODEL_CONFIG_INVALID");
    expect(error.message).toContain(`'${key}'`);
  });

  it("is said back by the keys of its family, and by no other's", () => {
    const { shape } = parse(mixtral);
    expect(familyKeys("mixtral", shape)).toEqual({
      sliding_window: null,
      intermediate_size: 6,
      num_local_experts: 4,
      num_experts_per_tok: 2,
    });
    expect(familyKeys("llama", shape)).toBeUndefined();
    expect(familyKeys("mixtral", parse({ ...mixtral, model_type: "llama" }).shape)).toBeUndefined();
  });
});

describe("a Qwen3-MoE config", () => {
  it("has experts in the layers that its keys name", () => {
    const { shape } = parse({ ...qwen, num_hidden_layers: 4, decoder_sparse_step: 2, mlp_only_layers: [3] });
    expect(shape.layers.map(({ experts }) => experts?.count)).toEqual([undefined, 3, undefined, undefined]);
    expect(shape.layers.map(({ intermediateSize }) => intermediateSize)).toEqual([6, 15, 6, 6]);
    expect(shape.qkNorm).toBe(true);
    expect(familyKeys("qwen3_moe", shape)).toBeUndefined();
  });

  it("is said back where every layer has the same experts", () => {
    const { shape } = parse(qwen);
    const keys = familyKeys("qwen3_moe", shape);
    expect(keys).toMatchObject({ num_experts: 3, moe_intermediate_size: 5, norm_topk_prob: true });
    expect(parse({ ...qwen, ...keys }).shape).toEqual(shape);
  });
});

describe("tensors of experts", () => {
  it("have the decoder's names, whatever their family calls them", () => {
    expect(decoderName("model.layers.7.block_sparse_moe.experts.12.w3.weight")).toEqual({
      name: "model.layers.7.mlp.up_proj.weight",
      expert: 12,
    });
    expect(decoderName("model.layers.7.mlp.experts.0.down_proj.weight")).toEqual({
      name: "model.layers.7.mlp.down_proj.weight",
      expert: 0,
    });
    expect(decoderName("model.layers.7.block_sparse_moe.gate.weight")).toEqual({
      name: "model.layers.7.mlp.gate.weight",
    });
    expect(decoderName("model.layers.7.mlp.gate_proj.weight")).toEqual({ name: "model.layers.7.mlp.gate_proj.weight" });
  });

  it("become one matrix of each kind, rows below each other, columns side by side, in any order", () => {
    const name = (expert: number, projection: string) => `model.layers.0.mlp.experts.${expert}.${projection}.weight`;
    const tensors = [
      { name: name(1, "up_proj"), shape: [1, 2], data: [3, 4] },
      { name: name(0, "up_proj"), shape: [1, 2], data: [1, 2] },
      { name: name(0, "down_proj"), shape: [2, 1], data: [5, 7] },
      { name: name(1, "down_proj"), shape: [2, 1], data: [6, 8] },
    ];
    const stacks = new WeightStacks(tensors.map((tensor) => tensor.name));
    for (const tensor of tensors) stacks.set(tensor.name, tensor.shape, Float32Array.from(tensor.data));
    expect(stacks.weights).toEqual(
      new Map([
        ["model.layers.0.mlp.up_proj.weight", Float32Array.of(1, 2, 3, 4)],
        ["model.layers.0.mlp.down_proj.weight", Float32Array.of(5, 6, 7, 8)],
      ]),
    );
  });
});
