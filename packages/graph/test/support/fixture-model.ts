import { existsSync, readFileSync } from "node:fs";
import type { DecoderShape } from "@espalier/contracts";

/** Golden numbers of one model, as fixtures/llama/README.md describes them. */
export interface LlamaFixture {
  readonly input_ids: number[][];
  readonly token_nll: number[][];
  readonly head_gate_grad: number[][][];
  readonly mlp_gate_grad: number[][][];
  readonly pruned: {
    readonly drop_kv_groups: number[][];
    readonly drop_mlp_channels: number[][];
    readonly token_nll: number[][];
  };
}

const shared = "../shared";
export const fixtureModels = ["stories260K", "stories3M", "aidreams260K"] as const;

export const fixturesThere = existsSync(`${shared}/fixtures/llama`) && existsSync(`${shared}/data/models`);

export const readFixture = (model: string): LlamaFixture =>
  JSON.parse(readFileSync(`${shared}/fixtures/llama/${model}.json`, "utf8"));

export interface LoadedModel {
  readonly shape: DecoderShape;
  readonly weights: Map<string, Float32Array>;
}

/** Reads a well-formed model folder; float16 and float32 only. The product's reader is packages/model. */
export function readModel(model: string, folder = `${shared}/data/models/${model}`): LoadedModel {
  const config = JSON.parse(readFileSync(`${folder}/config.json`, "utf8"));
  const bytes = readFileSync(`${folder}/model.safetensors`);
  const headerEnd = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, headerEnd).toString());
  const weights = new Map<string, Float32Array>();
  for (const [name, entry] of Object.entries<{ dtype: string; data_offsets: [number, number] }>(header)) {
    if (name === "__metadata__") continue;
    const part = bytes.subarray(headerEnd + entry.data_offsets[0], headerEnd + entry.data_offsets[1]);
    weights.set(name, entry.dtype === "F16" ? halves(part) : new Float32Array(Uint8Array.from(part).buffer));
  }
  const layer = {
    heads: config.num_attention_heads,
    kvHeads: config.num_key_value_heads,
    intermediateSize: config.intermediate_size,
  };
  const shape = {
    hiddenSize: config.hidden_size,
    headDim: config.head_dim,
    vocabSize: config.vocab_size,
    maxPositions: config.max_position_embeddings,
    ropeTheta: config.rope_theta,
    rmsNormEps: config.rms_norm_eps,
    tiedEmbeddings: config.tie_word_embeddings,
    layers: Array.from({ length: config.num_hidden_layers }, () => layer),
  };
  return { shape, weights };
}

function halves(bytes: Buffer): Float32Array {
  return Float32Array.from({ length: bytes.length / 2 }, (_, index) => {
    const bits = bytes.readUInt16LE(index * 2);
    const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
    const magnitude = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
    return bits & 0x8000 ? -magnitude : magnitude;
  });
}
