import type { Dimension, NumericDimension } from "./dimension.js";
import type { ParameterValue } from "./parameter.js";

/**
 * A value in the samplers' internal form: numbers as they are, choices as their index.
 * NaN where the value is absent or not in the dimension, so that a trial of another space simply lacks it.
 */
export function encodeValue(dimension: Dimension, value: ParameterValue | undefined): number {
  if (dimension.kind === "categorical") return encodeChoice(value, dimension.choices);
  return encodeNumber(value, dimension.low, dimension.high);
}

/** `encodeValue` of a categorical dimension with these choices. */
export function encodeChoice(value: ParameterValue | undefined, choices: readonly ParameterValue[]): number {
  const index = value === undefined ? -1 : choices.indexOf(value);
  return index < 0 ? Number.NaN : index;
}

/** `encodeValue` of a numeric dimension with this range. */
export function encodeNumber(value: ParameterValue | undefined, low: number, high: number): number {
  return typeof value === "number" && value >= low && value <= high ? value : Number.NaN;
}

/** The user's value of an internal one: the inverse of `encodeValue`. */
export function decodeValue(dimension: Dimension, value: number): ParameterValue {
  if (dimension.kind === "numeric") return value;
  const choice = dimension.choices[value];
  if (choice === undefined) throw new RangeError(`parameter '${dimension.name}' has no choice of index ${value}`);
  return choice;
}

function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** The nearest value the dimension can take: whole steps from `low` with halves to even, then inside the range. */
export function snap(dimension: NumericDimension, value: number): number {
  const { low, high, step } = dimension;
  const stepped = step === null ? value : low + roundHalfToEven((value - low) / step) * step;
  return Math.min(Math.max(stepped, low), high);
}
