import type { Dimension } from "../space/dimension.js";
import { encodeChoice, encodeNumber } from "../space/encoding.js";
import type { ParameterValue } from "../space/parameter.js";
import type { Trial } from "./trial.js";

/** The internal values of the trials that have every one of some dimensions. */
export interface Observations {
  /** One column per dimension, shape [dimensions][n]. */
  readonly columns: readonly Float64Array[];
  /** Index of each row's trial in the given trials, shape [n]. */
  readonly rows: Int32Array;
}

/** What is known of the parameter at a place in the trials' lists; `at` is where its column begins, -1 for none. */
interface Place {
  readonly key: string;
  readonly at: number;
  readonly choices: readonly ParameterValue[] | null;
  readonly low: number;
  readonly high: number;
}

/**
 * One column per dimension, NaN where a trial lacks a value. Trials mostly list their parameters in one order, and the
 * key at a place is then the one of the trial before: no name is looked up.
 */
function readColumns(trials: readonly Trial[], dimensions: readonly Dimension[]): Float64Array[] {
  const count = trials.length;
  const values = new Float64Array(dimensions.length * count).fill(Number.NaN);
  const known = new Map(dimensions.map((dimension, d) => [dimension.name, placeOf(dimension, d * count)]));
  const places: Place[] = [];
  for (let i = 0; i < count; i++) {
    const { params } = trials[i];
    let listed = 0;
    for (const key in params) {
      let place = places[listed];
      if (place === undefined || place.key !== key) {
        place = known.get(key) ?? { key, at: -1, choices: null, low: 0, high: 0 };
        places[listed] = place;
      }
      listed++;
      if (place.at < 0) continue;
      const value = params[key];
      values[place.at + i] =
        place.choices === null ? encodeNumber(value, place.low, place.high) : encodeChoice(value, place.choices);
    }
  }
  return dimensions.map((_, d) => values.subarray(d * count, (d + 1) * count));
}

function placeOf(dimension: Dimension, at: number): Place {
  if (dimension.kind === "categorical") return { key: dimension.name, at, choices: dimension.choices, low: 0, high: 0 };
  return { key: dimension.name, at, choices: null, low: dimension.low, high: dimension.high };
}

/** Reads trials into columns; a trial that lacks a value of any of the dimensions is left out of all columns. */
export function observe(trials: readonly Trial[], dimensions: readonly Dimension[]): Observations {
  const columns = readColumns(trials, dimensions);
  const rows = new Int32Array(trials.length);
  let kept = 0;
  const lacking = new Uint8Array(trials.length);
  for (const column of columns) for (let i = 0; i < column.length; i++) if (Number.isNaN(column[i])) lacking[i] = 1;
  for (let i = 0; i < trials.length; i++) if (lacking[i] === 0) rows[kept++] = i;
  if (kept === trials.length) return { columns, rows };
  const used = rows.slice(0, kept);
  return { columns: columns.map((column) => Float64Array.from(used, (i) => column[i])), rows: used };
}
