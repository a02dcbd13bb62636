import type { Dimension } from "../space/dimension.js";
import { encodeNumber, encodeValue } from "../space/encoding.js";
import type { Trial } from "./trial.js";

/** The internal values of the trials that have every one of some dimensions. */
export interface Observations {
  /** One column per dimension, shape [dimensions][n]. */
  readonly columns: readonly Float64Array[];
  /** Index of each row's trial in the given trials, shape [n]. */
  readonly rows: Int32Array;
}

/** One column; numbers and choices in loops of their own, for each reads its kind alone. */
function readColumn(trials: readonly Trial[], dimension: Dimension): Float64Array {
  const { name } = dimension;
  const column = new Float64Array(trials.length);
  if (dimension.kind === "numeric") {
    const { low, high } = dimension;
    for (let i = 0; i < column.length; i++) column[i] = encodeNumber(trials[i].params[name], low, high);
  } else {
    for (let i = 0; i < column.length; i++) column[i] = encodeValue(dimension, trials[i].params[name]);
  }
  return column;
}

/** Reads trials into columns; a trial that lacks a value of any of the dimensions is left out of all columns. */
export function observe(trials: readonly Trial[], dimensions: readonly Dimension[]): Observations {
  const columns = dimensions.map((dimension) => readColumn(trials, dimension));
  const rows = new Int32Array(trials.length);
  let kept = 0;
  const lacking = new Uint8Array(trials.length);
  for (const column of columns) for (let i = 0; i < column.length; i++) if (Number.isNaN(column[i])) lacking[i] = 1;
  for (let i = 0; i < trials.length; i++) if (lacking[i] === 0) rows[kept++] = i;
  if (kept === trials.length) return { columns, rows };
  const used = rows.slice(0, kept);
  return { columns: columns.map((column) => Float64Array.from(used, (i) => column[i])), rows: used };
}
