import type { Parameter, ParameterValue } from "@espalier/search";

/** Where a numeric parameter may be moved by a user; wider than the range that is searched by default. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** One thing that a trial may decide. */
export interface SpaceEntry {
  /** Name, and the range searched by default. */
  readonly parameter: Parameter;
  /** Value that changes nothing against a plain baseline; also the value of a closed entry. */
  readonly neutral: ParameterValue;
  /** Searched unless the job says otherwise; a closed entry stays at its neutral value until a job opens it. */
  readonly open: boolean;
  /** Of numbers, and of choices that are points of a range. */
  readonly bounds?: Bounds;
  /** The preset's own neutral value, where a job has moved it into a range or a list of its own. */
  readonly preset?: ParameterValue;
}

/** Real number with a default range, a neutral value and hard bounds. */
export function real(
  name: string,
  range: readonly [low: number, high: number],
  neutral: number,
  options: { readonly bounds?: readonly [number, number]; readonly log?: boolean; readonly open?: boolean } = {},
): SpaceEntry {
  const [low, high] = range;
  const [lowest, highest] = options.bounds ?? range;
  return {
    parameter: { name, type: "float", low, high, ...(options.log === true ? { log: true } : {}) },
    neutral,
    open: options.open ?? true,
    bounds: { low: lowest, high: highest },
  };
}

/** Whole number with a default range, a neutral value and hard bounds. */
export function whole(
  name: string,
  range: readonly [low: number, high: number],
  neutral: number,
  options: { readonly bounds?: readonly [number, number]; readonly open?: boolean } = {},
): SpaceEntry {
  const [low, high] = range;
  const [lowest, highest] = options.bounds ?? range;
  return {
    parameter: { name, type: "int", low, high },
    neutral,
    open: options.open ?? true,
    bounds: { low: lowest, high: highest },
  };
}

/** One of several numbers by default; a job may ask for others inside the bounds, or for the whole range. */
export function grid(
  name: string,
  choices: readonly number[],
  neutral: number,
  bounds: readonly [number, number],
  open = true,
): SpaceEntry {
  return { ...choice(name, choices, neutral, open), bounds: { low: bounds[0], high: bounds[1] } };
}

/** One of several values; the first one is neutral unless named. */
export function choice(
  name: string,
  choices: readonly ParameterValue[],
  neutral = choices[0],
  open = true,
): SpaceEntry {
  return { parameter: { name, type: "categorical", choices }, neutral, open };
}
