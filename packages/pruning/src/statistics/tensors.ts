import type { DecoderShape } from "@espalier/contracts";
import {
  columnProjections,
  type ExpertStatistic,
  outputNames,
  type VectorStatistic,
  type WeightStatistic,
} from "@espalier/graph";
import { isRefitted, kindOf, projectionNames, vectorCount } from "../units/index.js";

/** A stored array: its name is that of the graph output it is summed from. */
export interface StatisticTensor {
  readonly name: string;
  /** Dimensions after the first of a per-sample array; all dimensions of a summed one. */
  readonly dims: readonly number[];
}

/** Which groups of statistics a profile holds. */
export interface StatisticGroups {
  /** Weight-level sums Σ g and Σ g² per cluster. */
  readonly weightGradients: boolean;
  /** Gram matrices of the inputs of o_proj and down_proj per cluster. */
  readonly gram: boolean;
}

const vectorStatistics = ["signed", "squared", "absolute"] as const satisfies readonly VectorStatistic[];
const weightStatistics = ["gradient_sum", "gradient_square_sum"] as const satisfies readonly WeightStatistic[];

const expertStatistics = ["chosen", "output"] as const satisfies readonly ExpertStatistic[];

/**
 * Arrays with one row per sample: vector statistics of every projection, input moments of o_proj and down_proj, and what
 * experts did.
 */
export function perSampleTensors(shape: DecoderShape): StatisticTensor[] {
  return [...vectorTensors(shape), ...expertTensors(shape)];
}

function expertTensors(shape: DecoderShape): StatisticTensor[] {
  return shape.layers.flatMap(({ experts }, layer) =>
    experts === undefined
      ? []
      : expertStatistics.map((kind) => ({ name: outputNames.expertStatistic(layer, kind), dims: [experts.count] })),
  );
}

function vectorTensors(shape: DecoderShape): StatisticTensor[] {
  return eachProjection(shape, (layer, projection, vectors) => [
    ...vectorStatistics.map((kind) => ({
      name: outputNames.vectorStatistic(layer, projection, kind),
      dims: [vectors],
    })),
    ...columnProjections
      .filter((column) => column === projection)
      .flatMap((column) =>
        (["sum", "square_sum"] as const).map((kind) => ({
          name: outputNames.inputMoment(layer, column, kind),
          dims: [vectors],
        })),
      ),
  ]);
}

/** Weight gradients summed over the samples of a cluster, [out, in]. */
function gradientTensors(shape: DecoderShape): StatisticTensor[] {
  return eachProjection(shape, (layer, projection, vectors) => {
    const dims =
      projection === "o_proj" || projection === "down_proj" ? [shape.hiddenSize, vectors] : [vectors, shape.hiddenSize];
    return weightStatistics.map((kind) => ({ name: outputNames.weightStatistic(layer, projection, kind), dims }));
  });
}

/** The weight gradient of one sample, [out, in]: the sum over a batch of one. */
export function sampleGradientTensors(shape: DecoderShape): StatisticTensor[] {
  return gradientTensors(shape).filter(({ name }) => name.endsWith(".gradient_sum"));
}

/** Gram matrices summed over the samples and tokens of a cluster, [in, in]. Experts, which are not refitted, have none. */
function gramTensors(shape: DecoderShape): StatisticTensor[] {
  return eachProjection(shape, (layer, projection, vectors) =>
    columnProjections
      .filter((column) => column === projection && isRefitted(shape.layers[layer], column))
      .map((column) => ({ name: outputNames.inputMoment(layer, column, "gram"), dims: [vectors, vectors] })),
  );
}

/** All arrays summed over the samples of a cluster. */
export function clusterTensors(shape: DecoderShape, groups: StatisticGroups): StatisticTensor[] {
  return [...(groups.weightGradients ? gradientTensors(shape) : []), ...(groups.gram ? gramTensors(shape) : [])];
}

function eachProjection(
  shape: DecoderShape,
  list: (layer: number, projection: (typeof projectionNames)[number], vectors: number) => StatisticTensor[],
): StatisticTensor[] {
  return shape.layers.flatMap((widths, layer) =>
    projectionNames.flatMap((projection) => {
      const present = kindOf(projection) === "attention" ? widths.kvHeads > 0 : widths.intermediateSize > 0;
      return present ? list(layer, projection, vectorCount(shape, widths, projection)) : [];
    }),
  );
}
