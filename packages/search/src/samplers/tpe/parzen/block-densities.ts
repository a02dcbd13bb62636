import { BLOCK } from "./block.js";
import type { ClassTables } from "./class-tables.js";
import type { NormalProduct } from "./normal-product.js";

/** A kernel this far below the largest one adds nothing to their sum: `logSumExp` leaves it out. */
const LOST = -41;

/** The kernels of a mixture over all dimensions, and a block of points. */
export interface JointKernels {
  readonly product: NormalProduct;
  /** Filled for the block. */
  readonly tables: ClassTables;
  /** Each kernel's constant, or its upper bound where `settled` is 0; settled here where it matters. */
  readonly constants: Float64Array;
  readonly settled: Uint8Array;
  /** Places of the block's points on the continuous axes, shape [dimensions][BLOCK]. */
  readonly x: Float64Array;
}

/**
 * Writes the log weights and log densities of the kernels that count at the end of a row of shape [kernels] for each of the
 * block's points, in the kernels' order: constant + Σ log probabilities - Σ ((x - μ) / (σ√2))². Returns where they begin.
 *
 * Four sums are made at once, because none waits for another. Newest kernels come first: they are the likeliest to be near,
 * and a kernel that has fallen `LOST` below the largest one at every point does not count.
 */
export function blockDensities(
  { product, tables, constants, settled, x }: JointKernels,
  [a, b, c, d]: readonly Float64Array[],
): number {
  const { shapes } = product;
  const { places, table } = tables;
  const choices = places.length / constants.length;
  const numbers = shapes.length / constants.length;
  let begin = constants.length;
  let [leastA, leastB, leastC, leastD] = [-Infinity, -Infinity, -Infinity, -Infinity];
  for (let k = constants.length - 1; k >= 0; k--) {
    let sa = constants[k];
    let sb = sa;
    let sc = sa;
    let sd = sa;
    for (let at = k * choices; at < (k + 1) * choices; at++) {
      const place = places[at];
      sa += table[place];
      sb += table[place + 1];
      sc += table[place + 2];
      sd += table[place + 3];
    }
    let lost = sa < leastA && sb < leastB && sc < leastC && sd < leastD;
    for (let j = 0, at = k * numbers; j < x.length && !lost; j += BLOCK, at += 2) {
      const mu = shapes[at];
      const scale = shapes[at + 1];
      const za = (x[j] - mu) * scale;
      const zb = (x[j + 1] - mu) * scale;
      const zc = (x[j + 2] - mu) * scale;
      const zd = (x[j + 3] - mu) * scale;
      sa -= za * za;
      sb -= zb * zb;
      sc -= zc * zc;
      sd -= zd * zd;
      lost = sa < leastA && sb < leastB && sc < leastC && sd < leastD;
    }
    if (lost) continue;
    if (settled[k] === 0) {
      // The bound was not enough: once more with what it bounds.
      constants[k] = product.constantOf(k);
      settled[k++] = 1;
      continue;
    }
    begin--;
    a[begin] = sa;
    b[begin] = sb;
    c[begin] = sc;
    d[begin] = sd;
    leastA = Math.max(leastA, sa + LOST);
    leastB = Math.max(leastB, sb + LOST);
    leastC = Math.max(leastC, sc + LOST);
    leastD = Math.max(leastD, sd + LOST);
  }
  return begin;
}
