import { BLOCK } from "./block.js";
import type { TabledKernels } from "./dimension-kernels.js";

/** The log probabilities of several tabled dimensions at a block of points. */
export interface ClassTables {
  /** Place in `table` of each kernel's entries, shape [kernels][dimensions]. */
  readonly places: Int32Array;
  /** Log probabilities at the block's points, `BLOCK` beside each other, of the classes of all dimensions. */
  readonly table: Float64Array;
  /** Fills the table for a block of points, internal values by dimension and point, shape [dimensions][BLOCK]. */
  fill(block: Float64Array): void;
}

/** @param count number of kernels. */
export function classTables(dimensions: readonly TabledKernels[], count: number): ClassTables {
  const places = new Int32Array(count * dimensions.length);
  const starts: number[] = [];
  let end = 0;
  dimensions.forEach(({ classOf, classes }, d) => {
    starts.push(end);
    for (let k = 0, at = d; k < count; k++, at += dimensions.length) places[at] = end + BLOCK * classOf[k];
    end += BLOCK * classes;
  });
  const table = new Float64Array(end);
  return {
    places,
    table,
    fill(block) {
      dimensions.forEach((dimension, d) => {
        for (let i = 0; i < BLOCK; i++) {
          const logs = dimension.logProbabilities(block[BLOCK * d + i]);
          for (let c = 0, at = starts[d] + i; c < logs.length; c++, at += BLOCK) table[at] = logs[c];
        }
      });
    },
  };
}
