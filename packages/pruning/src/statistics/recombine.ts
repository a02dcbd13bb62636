import type { DecoderShape } from "@espalier/contracts";
import {
  type ColumnProjection,
  type ExpertStatistic,
  outputNames,
  type ProjectionName,
  type VectorStatistic,
} from "@espalier/graph";
import { kindOf, projectionNames } from "../units/index.js";
import type { Profile } from "./profile.js";
import type { Weighting } from "./weighting.js";

/** Mean and variance over tokens, and summed squares, of each input of o_proj or down_proj. */
export interface InputMoments {
  readonly mean: Float64Array;
  /** Population variance; never below zero. */
  readonly variance: Float64Array;
  /** ‖x‖₂² over the tokens of as many samples as have a weight: for equal weights exactly Σ x². */
  readonly squaredNorm: Float64Array;
}

/** Statistics of a weighted calibration pool: expectations over samples, weights summing to one. */
export interface WeightedStatistics {
  readonly shape: DecoderShape;
  /** Σ_i w_i · statistic_i per vector. */
  vectors(kind: VectorStatistic, layer: number, projection: ProjectionName): Float64Array;
  /** Σ_i w_i · statistic_i per expert of a layer that has any. */
  experts(kind: ExpertStatistic, layer: number): Float64Array;
  /** g = Σ_i w_i g_i, [out, in]. Only when prepared with "gradients". */
  gradient(layer: number, projection: ProjectionName): Float32Array;
  /** F = Σ_i w_i g_i², [out, in]. Only when prepared with "gradients". */
  fisher(layer: number, projection: ProjectionName): Float32Array;
  moments(layer: number, projection: ColumnProjection): InputMoments;
}

/**
 * Recombines cached statistics for a weighting. Vector sums and moments are formed when asked for; `gradients` reads
 * the weight-level arrays now, 8 bytes per prunable weight. Exact up to float32 storage; a subset weighting with
 * `gradients` needs a profile with a gradient per sample (RangeError otherwise).
 */
export async function recombine(
  profile: Profile,
  weighting: Weighting,
  gradients: boolean,
): Promise<WeightedStatistics> {
  const loaded = gradients ? await loadGradients(profile, weighting) : undefined;
  const cached = new Map<string, Float64Array>();
  const weightedRows = (name: string): Float64Array => {
    const known = cached.get(name);
    if (known !== undefined) return known;
    const sums = sumRows(profile.perSample(name), weighting.samples);
    cached.set(name, sums);
    return sums;
  };
  const weightLevel = (kind: "gradient" | "fisher", layer: number, projection: ProjectionName): Float32Array => {
    const found = loaded?.get(`${kind}.${layer}.${projection}`);
    if (found === undefined) throw new RangeError(`${kind} of layer ${layer} ${projection} was not prepared`);
    return found;
  };
  return {
    shape: profile.shape,
    vectors: (kind, layer, projection) => weightedRows(outputNames.vectorStatistic(layer, projection, kind)),
    experts: (kind, layer) => weightedRows(outputNames.expertStatistic(layer, kind)),
    gradient: (layer, projection) => weightLevel("gradient", layer, projection),
    fisher: (layer, projection) => weightLevel("fisher", layer, projection),
    moments: (layer, projection) =>
      momentsOf(
        weightedRows(outputNames.inputMoment(layer, projection, "sum")),
        weightedRows(outputNames.inputMoment(layer, projection, "square_sum")),
        profile.sequenceLength,
        weighting.samples.reduce((count, w) => count + (w > 0 ? 1 : 0), 0),
      ),
  };
}

function momentsOf(sums: Float64Array, squares: Float64Array, tokens: number, samples: number): InputMoments {
  const mean = sums.map((sum) => sum / tokens);
  return {
    mean,
    variance: squares.map((square, c) => Math.max(0, square / tokens - mean[c] * mean[c])),
    squaredNorm: squares.map((square) => square * samples),
  };
}

/** Σ_i w_i · rows[i], float64. */
function sumRows(rows: Float32Array, weights: Float64Array): Float64Array {
  const width = rows.length / weights.length;
  const sums = new Float64Array(width);
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i];
    if (weight === 0) continue;
    const start = i * width;
    for (let v = 0; v < width; v++) sums[v] += weight * rows[start + v];
  }
  return sums;
}

async function loadGradients(profile: Profile, weighting: Weighting): Promise<ReadonlyMap<string, Float32Array>> {
  const loaded = new Map<string, Float32Array>();
  for (const [layer, widths] of profile.shape.layers.entries()) {
    for (const projection of projectionNames) {
      if ((kindOf(projection) === "attention" ? widths.kvHeads : widths.intermediateSize) === 0) continue;
      const { gradient, fisher } =
        weighting.kind === "clusters"
          ? await fromClusters(profile, weighting.clusters, layer, projection)
          : await fromSamples(profile, weighting.samples, layer, projection);
      loaded.set(`gradient.${layer}.${projection}`, gradient);
      loaded.set(`fisher.${layer}.${projection}`, fisher);
    }
  }
  return loaded;
}

interface WeightLevel {
  readonly gradient: Float32Array;
  readonly fisher: Float32Array;
}

async function fromClusters(
  profile: Profile,
  weights: Float64Array,
  layer: number,
  projection: ProjectionName,
): Promise<WeightLevel> {
  const sum = async (kind: "gradient_sum" | "gradient_square_sum"): Promise<Float32Array> => {
    const name = outputNames.weightStatistic(layer, projection, kind);
    const parts: [Float32Array, number][] = [];
    for (const [cluster, weight] of weights.entries()) {
      if (weight !== 0) parts.push([await profile.clusterSum(cluster, name), weight]);
    }
    return combine(parts);
  };
  return { gradient: await sum("gradient_sum"), fisher: await sum("gradient_square_sum") };
}

async function fromSamples(
  profile: Profile,
  weights: Float64Array,
  layer: number,
  projection: ProjectionName,
): Promise<WeightLevel> {
  const parts: [Float32Array, number][] = [];
  for (const [sample, weight] of weights.entries()) {
    if (weight !== 0) parts.push([await profile.sampleGradient(sample, layer, projection), weight]);
  }
  const gradient = combine(parts);
  for (const [values] of parts) for (let i = 0; i < values.length; i++) values[i] *= values[i];
  return { gradient, fisher: combine(parts) };
}

/** Σ weight · array, added in float64, one block of numbers at a time so that no float64 copy of a matrix is made. */
function combine(parts: readonly (readonly [Float32Array, number])[]): Float32Array {
  const length = parts[0]?.[0].length ?? 0;
  const out = new Float32Array(length);
  const block = new Float64Array(Math.min(length, 4096));
  for (let start = 0; start < length; start += block.length) {
    const end = Math.min(length, start + block.length);
    block.fill(0);
    for (const [values, weight] of parts) {
      for (let i = start; i < end; i++) block[i - start] += weight * values[i];
    }
    for (let i = start; i < end; i++) out[i] = block[i - start];
  }
  return out;
}
