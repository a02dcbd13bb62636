import type { DecoderShape, LayerShape } from "@espalier/contracts";
import { queryHeadsPerGroup } from "../units/costs.js";
import type { MetricScores } from "../units/scores.js";
import { type LayerVectorScores, type ProjectionName, vectorsPerUnit } from "../units/vectors.js";
import { mixtureWeights } from "./mix.js";

/** One metric of a mixture, its vectors not yet folded. */
export interface QueryHeadTerm {
  readonly name: string;
  /** As in the mixture. */
  readonly weight: number;
  readonly scores: MetricScores;
}

/**
 * Share of a KV group's importance that leaves with each of its query heads, `[layer][H]`, mean over the metrics: what
 * the head's rows of `q_proj` and columns of `o_proj` score against all vectors of the group, in sum. Being relative,
 * shares serve on any scale of a mixture. Where a metric says nothing of a group's heads, they share as they cost.
 */
export function queryHeadShares(shape: DecoderShape, terms: readonly QueryHeadTerm[]): Float64Array[] {
  const weights = mixtureWeights(terms);
  return shape.layers.map((layer, l) => {
    const shares = new Float64Array(layer.heads);
    for (const [m, { scores }] of terms.entries()) {
      const shareOf =
        scores.per === "vector"
          ? vectorShares(shape, layer, scores.layers[l])
          : scoreShares(layer, scores.queryHeads?.[l], scores.scores.attention[l]);
      for (let head = 0; head < shares.length; head++) shares[head] += weights[m] * shareOf(head);
    }
    return shares;
  });
}

const ratio = (part: number, whole: number, otherwise: number): number => (whole > 0 ? part / whole : otherwise);

/** Of a head's q and o vectors and its KV head's k and v ones, 2 of 2r + 2 belong to it. */
const costShare = (layer: LayerShape): number => 1 / (1 + queryHeadsPerGroup(layer));

function scoreShares(layer: LayerShape, heads: Float64Array | undefined, groups: Float64Array) {
  const perGroup = queryHeadsPerGroup(layer);
  return (head: number): number => {
    const score = heads?.[head];
    return score === undefined ? costShare(layer) : ratio(score, groups[Math.floor(head / perGroup)], costShare(layer));
  };
}

function vectorShares(shape: DecoderShape, layer: LayerShape, vectors: LayerVectorScores) {
  const perGroup = queryHeadsPerGroup(layer);
  const sum = (projections: readonly ProjectionName[], unit: number, parts: number): number =>
    projections.reduce((total, projection) => {
      const width = vectorsPerUnit(shape, layer, projection) / parts;
      const own = vectors[projection]?.subarray(unit * width, (unit + 1) * width);
      return own === undefined ? total : own.reduce((a, b) => a + b, total);
    }, 0);
  return (head: number): number => {
    const whole = sum(["q_proj", "k_proj", "v_proj", "o_proj"], Math.floor(head / perGroup), 1);
    return ratio(sum(["q_proj", "o_proj"], head, perGroup), whole, costShare(layer));
  };
}
