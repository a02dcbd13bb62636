import type { TabledKernels } from "./dimension-kernels.js";

/** Distances between a categorical parameter's options, shape [options][options]; Optuna 4.9 only. */
export type DistanceMatrix = readonly (readonly number[])[];

/** Base of the logarithm that relates the number of options to the sharpness of a distance (Optuna 4.9). */
const DISTANCE_LOG_BASE = 6;

function normalised(row: Float64Array): Float64Array {
  const sum = row.reduce((total, value) => total + value, 0);
  return sum === 0 ? row : row.map((value) => value / sum); // an all-zero row (prior weight 0) stays zero
}

/** Row of an observed option: the prior's share everywhere and 1 more on the option. */
function countedRow(size: number, observed: number, share: number): Float64Array {
  const row = new Float64Array(size).fill(share);
  row[observed] += 1;
  return normalised(row);
}

/** Row of an observed option i ∝ exp(-(d/max d)² · ln((n+1)/prior weight) · ln C / ln 6), d = row i of the distances. */
function distanceRow(distances: readonly number[], kernels: number, priorWeight: number): Float64Array {
  const farthest = Math.max(...distances);
  const sharpness = (Math.log(kernels / priorWeight) * Math.log(distances.length)) / Math.log(DISTANCE_LOG_BASE);
  return normalised(Float64Array.from(distances, (d) => Math.exp(-((d / farthest) ** 2) * sharpness)));
}

/** Number of cumulative probabilities strictly below the quantile; the last one counts as 1. */
function drawOption(row: Float64Array, quantile: number): number {
  let cumulative = 0;
  for (let option = 0; option < row.length - 1; option++) {
    cumulative += row[option];
    if (cumulative >= quantile) return option;
  }
  return row.length - 1;
}

/**
 * Kernels of a categorical dimension. Equal observations have equal rows, so a row is kept per option, and the prior's.
 * @param observations indexes of options, shape [n].
 * @throws RangeError for an observation that is no index of an option.
 */
export function categoricalKernels(
  size: number,
  observations: Float64Array,
  priorWeight: number,
  distance: DistanceMatrix | null,
): TabledKernels {
  const count = observations.length;
  const rowOf = new Int32Array(count + 1);
  for (let i = 0; i < count; i++) {
    const option = observations[i];
    if (!(Number.isInteger(option) && option >= 0 && option < size)) {
      throw new RangeError(`observation ${i} is ${option}, expected an index below ${size}`);
    }
    rowOf[i] = option;
  }
  rowOf[count] = size;
  const share = priorWeight / (count + 1);
  const rows = Array.from({ length: size }, (_, option) =>
    distance === null ? countedRow(size, option, share) : distanceRow(distance[option], count + 1, priorWeight),
  );
  rows.push(normalised(new Float64Array(size).fill(count === 0 ? 1 : share)));
  const logColumns = Array.from({ length: size }, (_, option) =>
    Float64Array.from(rows, (row) => Math.log(row[option])),
  );
  return {
    kind: "tabled",
    classOf: rowOf,
    classes: rows.length,
    logProbabilities: (option) => logColumns[option],
    draw: (kernel, quantile) => drawOption(rows[rowOf[kernel]], quantile),
    describe: () => ({ probabilities: Array.from(rowOf, (row) => rows[row]) }),
  };
}
