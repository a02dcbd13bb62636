import type { DecoderShape } from "@espalier/contracts";
import { type ProjectionName, projectionWeight } from "@espalier/graph";
import type { WeightedStatistics } from "../../statistics/recombine.js";
import { kindOf, type LayerVectorScores, type MetricScores, projectionNames, vectorCount } from "../../units/index.js";

/**
 * What a metric reads beside the weights: `vectors` and `moments` recombine exactly for any weighting of samples,
 * `gradients` (weight-level) for cluster weightings, and for subsets where a gradient per sample is kept. `experts`: a
 * model that has any.
 */
export type StatisticNeed = "vectors" | "moments" | "gradients" | "seed" | "experts";

/** What a metric is computed from. */
export interface MetricInput {
  readonly shape: DecoderShape;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly statistics: WeightedStatistics;
  /** Stream number for metrics that draw. */
  readonly seed: number;
  readonly secondOrder?: SecondOrderFactors;
}

/** Alignment of the second-order parts of AdaPruner's two scores; default 1 each, which is what the names stand for. */
export interface SecondOrderFactors {
  readonly coarse?: number;
  readonly fine?: number;
}

/** Turns recombined statistics into importance, ≥ 0. Deterministic. */
export interface ImportanceMetric {
  readonly needs: readonly StatisticNeed[];
  score(input: MetricInput): MetricScores;
}

/** One matrix of one layer, as a metric sees it. */
export interface MatrixView {
  readonly layer: number;
  readonly projection: ProjectionName;
  /** W [out, in]. */
  readonly weight: Float32Array;
  /** Rows (q, k, v, gate, up) or columns (o, down). */
  readonly vectors: number;
  /** Vectors are input columns. */
  readonly columns: boolean;
}

/** Scores of every matrix in turn, as vector scores; matrices for which `score` gives undefined are left out. */
export function scoreMatrices(
  input: MetricInput,
  score: (matrix: MatrixView) => Float64Array | undefined,
): MetricScores {
  const layers = input.shape.layers.map((widths, layer): LayerVectorScores => {
    const scores: { -readonly [P in ProjectionName]?: Float64Array } = {};
    for (const projection of projectionNames) {
      const vectors = vectorCount(input.shape, widths, projection);
      if ((kindOf(projection) === "attention" ? widths.kvHeads : widths.intermediateSize) === 0) continue;
      const weight = weightOf(input.weights, projectionWeight(layer, projection), vectors * input.shape.hiddenSize);
      const columns = projection === "o_proj" || projection === "down_proj";
      const result = score({ layer, projection, weight, vectors, columns });
      if (result !== undefined) scores[projection] = result;
    }
    return scores;
  });
  return { per: "vector", layers };
}

function weightOf(weights: ReadonlyMap<string, Float32Array>, name: string, length: number): Float32Array {
  const weight = weights.get(name);
  if (weight?.length !== length)
    throw new RangeError(`'${name}' has ${weight?.length ?? "no"} numbers, expected ${length}`);
  return weight;
}

/** Sums term(i), i the index into W [out, in], over each vector of a matrix. */
export function sumOverVectors(matrix: MatrixView, term: (index: number) => number): Float64Array {
  const { weight, vectors, columns } = matrix;
  const sums = new Float64Array(vectors);
  const other = weight.length / vectors;
  if (columns) {
    for (let row = 0, i = 0; row < other; row++) for (let v = 0; v < vectors; v++, i++) sums[v] += term(i);
  } else {
    for (let v = 0, i = 0; v < vectors; v++) {
      let sum = 0;
      for (let c = 0; c < other; c++, i++) sum += term(i);
      sums[v] = sum;
    }
  }
  return sums;
}
