import type { DecoderShape, LayerShape } from "@espalier/contracts";
import { emptyUnitScores, type MetricScores, type UnitScores } from "../units/scores.js";
import {
  kindOf,
  type LayerVectorScores,
  outputProjectionNames,
  projectionNames,
  vectorCount,
  vectorsPerUnit,
} from "../units/vectors.js";

/** Ways to make one score of a unit out of the scores of its vectors. */
export const aggregationNames = ["sum", "mean", "max", "product", "last"] as const;
export type AggregationName = (typeof aggregationNames)[number];

/** Running fold over the vectors of one unit. */
interface Aggregation {
  readonly start: number;
  add(total: number, score: number): number;
  finish(total: number, vectors: number): number;
  /** Looks only at the columns of o_proj and down_proj. */
  readonly outputOnly?: true;
}

const registry = {
  sum: { start: 0, add: (total, score) => total + score, finish: (total) => total },
  mean: { start: 0, add: (total, score) => total + score, finish: (total, vectors) => total / vectors },
  max: { start: 0, add: Math.max, finish: (total) => total },
  // The geometric mean ranks units of a kind as the plain product does, but neither overflows nor depends on how
  // many vectors a unit has. A zero vector gives log 0 = -Infinity and so a score of exactly 0.
  product: {
    start: 0,
    add: (total, score) => total + Math.log(score),
    finish: (total, vectors) => Math.exp(total / vectors),
  },
  // The output projection alone, as published structured variants of activation metrics do.
  last: { start: 0, add: (total, score) => total + score, finish: (total) => total, outputOnly: true },
} as const satisfies Record<AggregationName, Aggregation>;

/**
 * Unit scores of a metric: the vectors of a unit's matrices folded into one number per unit.
 * Scores per unit pass unchanged. A metric without a kind's vectors scores that kind 0.
 * Throws RangeError for a vector score that is negative or not finite, or of the wrong length.
 */
export function aggregate(shape: DecoderShape, metric: MetricScores, name: AggregationName): UnitScores {
  if (metric.per === "unit") return metric.scores;
  if (metric.layers.length !== shape.layers.length) {
    throw new RangeError(`vector scores of ${metric.layers.length} layers for a model of ${shape.layers.length}`);
  }
  const aggregation: Aggregation = registry[name];
  const scores = emptyUnitScores(shape);
  metric.layers.forEach((vectors, l) => {
    assertVectors(shape, shape.layers[l], vectors, l);
    fold(shape, shape.layers[l], vectors, aggregation, "attention", scores.attention[l]);
    fold(shape, shape.layers[l], vectors, aggregation, "mlp", scores.mlp[l]);
  });
  return scores;
}

function fold(
  shape: DecoderShape,
  layer: LayerShape,
  vectors: LayerVectorScores,
  aggregation: Aggregation,
  kind: "attention" | "mlp",
  out: Float64Array,
): void {
  const candidates = aggregation.outputOnly ? outputProjectionNames : projectionNames;
  out.fill(aggregation.start);
  let count = 0;
  for (const projection of candidates) {
    const scores = vectors[projection];
    if (scores === undefined || kindOf(projection) !== kind) continue;
    const width = vectorsPerUnit(shape, layer, projection);
    count += width;
    for (let unit = 0; unit < out.length; unit++) {
      let total = out[unit];
      for (let v = unit * width; v < (unit + 1) * width; v++) total = aggregation.add(total, scores[v]);
      out[unit] = total;
    }
  }
  if (count === 0) out.fill(0);
  else for (let unit = 0; unit < out.length; unit++) out[unit] = aggregation.finish(out[unit], count);
}

function assertVectors(shape: DecoderShape, layer: LayerShape, vectors: LayerVectorScores, index: number): void {
  for (const projection of projectionNames) {
    const scores = vectors[projection];
    if (scores === undefined) continue;
    const expected = vectorCount(shape, layer, projection);
    if (scores.length !== expected) {
      throw new RangeError(`layer ${index} ${projection}: ${expected} vectors, got ${scores.length} scores`);
    }
    const bad = scores.findIndex((score) => !(score >= 0 && score < Infinity));
    if (bad >= 0) throw new RangeError(`layer ${index} ${projection}: score ${bad} is ${scores[bad]}`);
  }
}
