import { channelsPerMlpUnit, type DecoderShape, type LayerShape, mlpUnits } from "@espalier/contracts";

/** Parameters of one unit of each kind, per layer. */
export interface UnitCosts {
  /** One KV group: headDim·hidden·(2 + 2r), with r = H/K query heads. */
  readonly attention: readonly number[];
  /** One MLP channel: 3·hidden. One expert: those of its channels, and its row of the router. */
  readonly mlp: readonly number[];
}

/** Query heads that read one KV head; 0 where the block has no attention. */
export function queryHeadsPerGroup(layer: LayerShape): number {
  return layer.kvHeads === 0 ? 0 : layer.heads / layer.kvHeads;
}

/** Parameters of one query head: its rows of q_proj and columns of o_proj. */
export function queryHeadCost({ hiddenSize, headDim }: DecoderShape): number {
  return 2 * headDim * hiddenSize;
}

/** Parameters that leave with one KV group and one MLP unit, per layer. */
export function unitCosts(shape: DecoderShape): UnitCosts {
  const { hiddenSize, headDim } = shape;
  return {
    // Rows of q (r·d) and of k and v (d each), columns of o (r·d), each with `hidden` weights.
    attention: shape.layers.map((layer) => headDim * hiddenSize * (2 + 2 * queryHeadsPerGroup(layer))),
    mlp: shape.layers.map(
      (layer) => hiddenSize * (3 * channelsPerMlpUnit(layer) + (layer.experts === undefined ? 0 : 1)),
    ),
  };
}

/** Weights of all linear maps of the decoder blocks: what sparsity is a share of. */
export function prunableParameters(shape: DecoderShape): number {
  const costs = unitCosts(shape);
  return shape.layers.reduce(
    (sum, layer, l) => sum + layer.kvHeads * costs.attention[l] + mlpUnits(layer) * costs.mlp[l],
    0,
  );
}

/**
 * All parameters of a model: embeddings (once when tied), blocks, norms.
 * A sub-block of width zero has no tensors, its norm included.
 */
export function totalParameters(shape: DecoderShape): number {
  const { hiddenSize, vocabSize, tiedEmbeddings } = shape;
  const embeddings = vocabSize * hiddenSize * (tiedEmbeddings ? 1 : 2);
  const norms = shape.layers.reduce(
    (sum, layer) => sum + (layer.kvHeads > 0 ? hiddenSize : 0) + (layer.intermediateSize > 0 ? hiddenSize : 0),
    hiddenSize,
  );
  return embeddings + norms + prunableParameters(shape);
}
