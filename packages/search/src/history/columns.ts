import type { Dimension } from "../space/dimension.js";
import { encodeValue } from "../space/encoding.js";
import type { Trial } from "./trial.js";

/** The internal values of the trials that have every one of some dimensions. */
export interface Observations {
  /** One column per dimension, shape [dimensions][n]. */
  readonly columns: readonly Float64Array[];
  /** Index of each row's trial in the given trials, shape [n]. */
  readonly rows: Int32Array;
}

/** Reads trials into columns; a trial that lacks a value of any of the dimensions is left out of all columns. */
export function observe(trials: readonly Trial[], dimensions: readonly Dimension[]): Observations {
  const columns = dimensions.map((dimension) => {
    const column = new Float64Array(trials.length);
    for (let i = 0; i < trials.length; i++) column[i] = encodeValue(dimension, trials[i].params[dimension.name]);
    return column;
  });
  const rows = new Int32Array(trials.length);
  let kept = 0;
  for (let i = 0; i < trials.length; i++) {
    let complete = true;
    for (const column of columns) if (Number.isNaN(column[i])) complete = false;
    if (complete) rows[kept++] = i;
  }
  if (kept === trials.length) return { columns, rows };
  const used = rows.slice(0, kept);
  return { columns: columns.map((column) => Float64Array.from(used, (i) => column[i])), rows: used };
}
