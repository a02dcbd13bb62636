/** The first place where what was found is not what the fixture expects. */
export interface Difference {
  readonly path: string;
  readonly expected: unknown;
  readonly found: unknown;
}

/** Whether a found number is near enough to the expected one. */
export type Tolerance = (expected: number, found: number) => boolean;

/** Equal bit for bit, except that 0 and -0 are the same and NaN equals NaN. */
export const exact: Tolerance = (expected, found) =>
  expected === found || (Number.isNaN(expected) && Number.isNaN(found));

const finiteWithin =
  (allowed: (expected: number) => number): Tolerance =>
  (expected, found) =>
    exact(expected, found) || (Number.isFinite(expected) && Math.abs(found - expected) <= allowed(expected));

/** Within a share of the expected value; infinities exact. */
export const relative = (share: number): Tolerance => finiteWithin((expected) => share * Math.abs(expected));

/** Within a share of the expected value or of 1, whichever is larger; infinities exact. */
const scaled = (share: number): Tolerance => finiteWithin((expected) => share * Math.max(1, Math.abs(expected)));

/** Within a fixed distance; infinities exact. */
export const within = (distance: number): Tolerance => finiteWithin(() => distance);

/** Weights, centres, widths, probabilities and reference points (the fixtures' README). */
export const PARTS = relative(1e-12);
/**
 * Hypervolume contributions over the largest one: differences of volumes near 1, so besides the relative tolerance
 * they carry that difference's rounding.
 */
export const CONTRIBUTIONS: Tolerance = (expected, found) => PARTS(expected, found) || within(1e-14)(expected, found);
/** Log densities, acquisition values and log masses (the fixtures' README). */
export const LOGS = scaled(1e-9);

/** Compares one number. */
export function compareNumber(path: string, expected: unknown, found: number, near: Tolerance): Difference | null {
  return typeof expected === "number" && near(expected, found) ? null : { path, expected, found };
}

/** Compares a list of numbers; a wrong length is a difference of the list's length. */
export function compareNumbers(
  path: string,
  expected: unknown,
  found: ArrayLike<number>,
  near: Tolerance,
): Difference | null {
  if (!Array.isArray(expected)) return { path, expected, found: Array.from(found) };
  if (expected.length !== found.length) {
    return { path: `${path}.length`, expected: expected.length, found: found.length };
  }
  return firstOf(expected.map((value, i) => () => compareNumber(`${path}[${i}]`, value, found[i] ?? Number.NaN, near)));
}

/** Compares two lists of names as sets. */
export function compareNameSets(
  path: string,
  expected: readonly string[],
  found: readonly string[],
): Difference | null {
  const same = [...expected].sort().join("\n") === [...found].sort().join("\n");
  return same ? null : { path, expected, found };
}

/** The first difference of checks that are made in order until one fails. */
export function firstOf(checks: Iterable<() => Difference | null>): Difference | null {
  for (const check of checks) {
    const difference = check();
    if (difference !== null) return difference;
  }
  return null;
}
