import type { ProjectionName } from "@espalier/contracts";

/** The seven linear weights of a decoder block, as Hugging Face names them. */
export const projectionNames = [
  "q_proj",
  "k_proj",
  "v_proj",
  "o_proj",
  "gate_proj",
  "up_proj",
  "down_proj",
] as const satisfies readonly ProjectionName[];

/** Projections whose INPUTS are what pruning removes: their vectors are input columns; the others' are output rows. */
export const columnProjections = ["o_proj", "down_proj"] as const;
/** One of them. */
export type ColumnProjection = (typeof columnProjections)[number];

/** Whether a projection's vectors are its input columns. */
export function isColumnProjection(name: ProjectionName): name is ColumnProjection {
  return name === "o_proj" || name === "down_proj";
}

const PARENTS: Record<ProjectionName, "self_attn" | "mlp"> = {
  q_proj: "self_attn",
  k_proj: "self_attn",
  v_proj: "self_attn",
  o_proj: "self_attn",
  gate_proj: "mlp",
  up_proj: "mlp",
  down_proj: "mlp",
};

/** Hugging Face name of a projection's weight [out, in]: `model.layers.3.self_attn.q_proj.weight`. */
export function projectionWeight(layer: number, projection: ProjectionName): string {
  return `model.layers.${layer}.${PARENTS[projection]}.${projection}.weight`;
}

/** Hugging Face name of a projection's learned bias [out]: `model.layers.3.self_attn.q_proj.bias`. */
export function projectionBias(layer: number, projection: ProjectionName): string {
  return `model.layers.${layer}.${PARENTS[projection]}.${projection}.bias`;
}

/** Hugging Face names of the weights that belong to no projection. */
export const weightNames = {
  embedding: "model.embed_tokens.weight",
  finalNorm: "model.norm.weight",
  head: "lm_head.weight",
  attentionNorm: (layer: number): string => `model.layers.${layer}.input_layernorm.weight`,
  mlpNorm: (layer: number): string => `model.layers.${layer}.post_attention_layernorm.weight`,
  /** Of each head of q, [headDim] (`qkNorm`). */
  queryNorm: (layer: number): string => `model.layers.${layer}.self_attn.q_norm.weight`,
  /** Of each head of k, [headDim] (`qkNorm`). */
  keyNorm: (layer: number): string => `model.layers.${layer}.self_attn.k_norm.weight`,
  /** Router of a mixture of experts, [experts, hiddenSize]. */
  router: (layer: number): string => `model.layers.${layer}.mlp.gate.weight`,
} as const;

/** Names of the inputs that are not weights. */
export const inputNames = {
  /** What the names of all gates begin with. */
  gatePrefix: "gates.layers.",
  /** What the names of all biases begin with. */
  biasPrefix: "bias.layers.",
  /** int64 [B, T]. */
  inputIds: "input_ids",
  /** Weight of predicting token t+1 from tokens ≤ t, float [B, T−1]. */
  tokenWeights: "token_weights",
  /** Weight of each row's objective, float [B] (program `adapter-gradients` with quiet blocks). */
  rowWeights: "row_weights",
  /** States before the first block of a graph that begins at a later one, float [B, T, D]. */
  hiddenStates: "hidden_states",
  /** d(row loss)/d(states behind the block), float [B, T, D] (program `block-statistics`). */
  stateGradient: "state_gradient",
  /** States that a sub-block should have given, float [B, T, D] (program `sub-block`). */
  targetStates: "target_states",
  /** Position whose logits are wanted, int64 [B] (program `logits` with `positions: "one"`). */
  position: "position",
  /** Multiplies each query head's output before `o_proj`, float [1|B, heads]. */
  attentionGate: (layer: number): string => `gates.layers.${layer}.attention`,
  /**
   * Multiplies each MLP channel before `down_proj`, float [1|B, intermediateSize]. Of a mixture of experts: 1 where the
   * router may choose an expert, 0 where it is gone, float [1|B, experts].
   */
  mlpGate: (layer: number): string => `gates.layers.${layer}.mlp`,
  /** Multiplies what a block adds to the hidden states, float [1]. */
  blockScale: (layer: number): string => `block_scales.layers.${layer}`,
  /** Added to the output of a projection, float [hiddenSize] (option `projectionBias`). */
  projectionBias: (layer: number, projection: ColumnProjection): string => `bias.layers.${layer}.${projection}`,
  /** A of a low-rank adapter, float [rank, in] (program `adapter-gradients`). */
  adapterA: (layer: number, projection: ProjectionName): string => `adapters.layers.${layer}.${projection}.a`,
  /** B of a low-rank adapter, float [out, rank]. */
  adapterB: (layer: number, projection: ProjectionName): string => `adapters.layers.${layer}.${projection}.b`,
} as const;

/** Names of what a graph with a cache has besides, as transformers.js and Hugging Face's ONNX exports spell them. */
export const cacheNames = {
  attentionMask: "attention_mask",
  positionIds: "position_ids",
  /** How many of the last positions of each row logits are wanted of; 0: of all. */
  logitsToKeep: "num_logits_to_keep",
  /** What the names of all caches that go in begin with. */
  pastPrefix: "past_key_values.",
  past: (layer: number, part: "key" | "value"): string => `past_key_values.${layer}.${part}`,
  present: (layer: number, part: "key" | "value"): string => `present.${layer}.${part}`,
} as const;

/** The layer that a weight, a gate or a bias belongs to; undefined for what belongs to none. */
export function layerOf(name: string): number | undefined {
  const layer = /\blayers\.(\d+)\./.exec(name)?.[1];
  return layer === undefined ? undefined : Number(layer);
}

/** Parts of a block whose change of the hidden state is measured. */
export type SimilarityPart = "attention" | "mlp" | "block";

/** Sums over one vector of a projection, per sample, [B, vectors]. */
export type VectorStatistic = "signed" | "squared" | "absolute";

/** Sums over the samples of the batch, per weight, [out, in]. */
export type WeightStatistic = "gradient_sum" | "gradient_square_sum";

/** Moments of the input x of a column projection: `sum` and `square_sum` over tokens [B, in], `gram` over batch and tokens [in, in]. */
export type InputMoment = "sum" | "square_sum" | "gram";

/**
 * Sums over the tokens t of a row, per expert e: `chosen`, how many chose it; `output`, Σ (1 − cos(h_t, h_t + y_t))·‖y_e,t‖
 * with h the state before the MLP, y_e what the expert adds to it and y what they all add.
 */
export type ExpertStatistic = "chosen" | "output";

/** Names of the outputs, by program. */
export const outputNames = {
  /** −log p(token t+1 given tokens ≤ t), natural log, [B, T−1]. */
  tokenNll: "token_nll",
  /** −log p of the likeliest token at each position, [B, T−1] (program `forward` with `ranked`). */
  bestNll: "best_nll",
  /** Σ over t of token_weights · token_nll, [B]. */
  rowLoss: "row_loss",
  /** Row loss and what quiet blocks still change, [B] (program `adapter-gradients`). */
  rowObjective: "row_objective",
  /** States after the leading blocks, before any final norm, [B, T, D] (program `leading-blocks`). */
  hiddenStates: "hidden_states",
  /** States after one block, [B, T, D] (program `block`). */
  blockStates: "block_states",
  /** d(row loss)/d(the states that a block or the head read), [B, T, D]. */
  stateGradient: "input_state_gradient",
  /** [B, T, V], or [B, V] with `positions: "one"`. */
  logits: "logits",
  /** Mean over tokens of the final hidden state, after the final norm, [B, D]. */
  embedding: "embedding",
  /** Mean over tokens of cos(input, output), [B]. */
  similarity: (layer: number, part: SimilarityPart): string => `similarity.layers.${layer}.${part}`,
  /** d(row loss)/d(gate), [B, heads]. */
  attentionGateGradient: (layer: number): string => `gradients.gates.layers.${layer}.attention`,
  /** d(row loss)/d(gate), [B, intermediateSize], or [B, experts] with the choice of experts held. */
  mlpGateGradient: (layer: number): string => `gradients.gates.layers.${layer}.mlp`,
  /** d(sum of row losses)/d(block scale), [1]. */
  blockScaleGradient: (layer: number): string => `gradients.block_scales.layers.${layer}`,
  /** d(sum of row losses)/d(weight), shaped as the weight. */
  weightGradient: (weight: string): string => `gradients.${weight}`,
  /** d(sum of row losses)/d(an adapter input), shaped as the input. */
  adapterGradient: (input: string): string => `gradients.${input}`,
  /** States behind a sub-block, [B, T, D] (program `sub-block`). */
  nextStates: "next_states",
  /** With e = target − states behind a sub-block and x its output projection's input: Σ e xᵀ over batch and tokens [D, in]. */
  targetCross: "target.cross",
  /** Σ e² over batch and tokens, [D]. */
  targetError: "target.error",
  vectorStatistic: (layer: number, projection: ProjectionName, kind: VectorStatistic): string =>
    `statistics.layers.${layer}.${projection}.${kind}`,
  weightStatistic: (layer: number, projection: ProjectionName, kind: WeightStatistic): string =>
    `statistics.layers.${layer}.${projection}.${kind}`,
  /** Of each expert of a mixture, over the tokens of a row, [B, experts]. */
  expertStatistic: (layer: number, kind: ExpertStatistic): string => `statistics.layers.${layer}.experts.${kind}`,
  /** δ = d(row loss)/d(output of a projection), and δ², summed over batch and tokens, [hiddenSize]. */
  outputGradient: (layer: number, projection: ColumnProjection, kind: "sum" | "square_sum"): string =>
    `statistics.layers.${layer}.${projection}.output_gradient.${kind}`,
  inputMoment: (layer: number, projection: ColumnProjection, kind: InputMoment): string =>
    `statistics.layers.${layer}.${projection}.input.${kind}`,
} as const;
