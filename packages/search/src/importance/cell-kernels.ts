import { erfc } from "../numeric/erf.js";

/** Scott's factor for a normal density in one dimension: (4/3)^(1/5). */
const SCOTT_FACTOR = (4 / 3) ** 0.2;
/** Interquartile range of a normal density in standard deviations. */
const NORMAL_IQR = 1.349;
/** A kernel at least so wide, in cells, has 90 % of its mass in its own cell. */
const LEAST_WIDTH = 0.5 / 1.645;

/**
 * Kernel width by Scott's rule: (4/3)^(1/5) · min(standard deviation, interquartile range / 1.349) · n^(-1/5),
 * in cells; never so narrow that it would fall between two of them.
 * @param counts observations per cell.
 */
export function kernelWidth(counts: Float64Array): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const mean = counts.reduce((sum, count, cell) => sum + count * cell, 0) / total;
  const squares = counts.reduce((sum, count, cell) => sum + count * (cell - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / Math.max(1, total - 1));
  const quartiles = (cellAtRank(counts, 0.75 * total) - cellAtRank(counts, 0.25 * total)) / NORMAL_IQR;
  return Math.max(LEAST_WIDTH, SCOTT_FACTOR * Math.min(deviation, quartiles) * total ** -0.2);
}

/** Place below which `rank` observations lie, those of a cell spread evenly over it. */
function cellAtRank(counts: Float64Array, rank: number): number {
  let below = 0;
  for (let cell = 0; cell < counts.length; cell++) {
    if (counts[cell] > 0 && below + counts[cell] >= rank) return cell - 0.5 + (rank - below) / counts[cell];
    below += counts[cell];
  }
  return counts.length - 0.5;
}

const below = (z: number): number => 0.5 * erfc(-z * Math.SQRT1_2);

/**
 * Mass of the kernel of one cell's middle in every cell, sum 1. What would lie beyond an end of the range is mirrored at
 * it, so that the density of evenly spread observations is even up to the ends, whatever the width.
 */
export function kernelRow(edges: Float64Array, cell: number, width: number): Float64Array {
  const count = edges.length - 1;
  const [low, high] = [edges[0], edges[count]];
  const middle = 0.5 * (edges[cell] + edges[cell + 1]);
  const sigma = (width * (high - low)) / count;
  const row = new Float64Array(count);
  for (const centre of [middle, 2 * low - middle, 2 * high - middle]) {
    let left = below((low - centre) / sigma);
    for (let k = 0; k < count; k++) {
      const right = below((edges[k + 1] - centre) / sigma);
      row[k] += right - left;
      left = right;
    }
  }
  const sum = row.reduce((total, mass) => total + mass, 0);
  return row.map((mass) => mass / sum);
}
