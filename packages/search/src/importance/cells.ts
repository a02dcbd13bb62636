import { axisRange, toAxis } from "../space/axis.js";
import { type Dimension, isSingle, type NumericDimension } from "../space/dimension.js";

/** A dimension cut into cells: one per choice, one per value of a short stepped range, else equal parts of the axis. */
export interface Cells {
  readonly count: number;
  /** Ends of the cells on the axis, ascending, shape [count + 1]; null where values have no order. */
  readonly edges: Float64Array | null;
  /** The cell that holds an internal value. */
  cellOf(value: number): number;
}

/** Parts of an axis: fine enough for densities of a few thousand trials, few enough to compare all with all. */
const PARTS = 100;

/** Cuts a dimension into cells; at most 100 for numbers. */
export function cellsOf(dimension: Dimension): Cells {
  if (dimension.kind === "categorical") {
    return { count: dimension.choices.length, edges: null, cellOf: (value) => value };
  }
  if (isSingle(dimension)) return { count: 1, edges: null, cellOf: () => 0 };
  const { low, high, step } = dimension;
  const values = step === null ? Number.POSITIVE_INFINITY : Math.round((high - low) / step) + 1;
  return step !== null && values <= PARTS ? cellPerValue(dimension, step, values) : equalParts(dimension);
}

function cellPerValue(dimension: NumericDimension, step: number, count: number): Cells {
  const { low } = dimension;
  const edges = Float64Array.from({ length: count + 1 }, (_, k) => toAxis(low + (k - 0.5) * step, dimension));
  return { count, edges, cellOf: (value) => Math.min(count - 1, Math.round((value - low) / step)) };
}

function equalParts(dimension: NumericDimension): Cells {
  const { low, width } = axisRange(dimension);
  return {
    count: PARTS,
    edges: Float64Array.from({ length: PARTS + 1 }, (_, k) => low + (k / PARTS) * width),
    cellOf: (value) => Math.min(PARTS - 1, Math.floor(((toAxis(value, dimension) - low) / width) * PARTS)),
  };
}
