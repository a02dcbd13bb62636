/** One array compared with its golden numbers. */
export interface Comparison {
  readonly name: string;
  readonly passed: boolean;
  /** ‖a − b‖ / ‖b‖; undefined where nothing could be compared. */
  readonly error?: number;
  readonly tolerance?: number;
  /** Why nothing could be compared. */
  readonly reason?: string;
}

/** Tolerance for losses in float32 arithmetic. */
export const LOSS_TOLERANCE = 1e-4;

/** Tolerance for gradients and scores in float32 arithmetic. */
export const GRADIENT_TOLERANCE = 1e-3;

/** ‖a − b‖ / ‖b‖; the plain norm ‖a‖ where b is all zero. RangeError for unequal lengths. */
export function relativeError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) {
    throw new RangeError(`${found.length} numbers compared with ${expected.length}`);
  }
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (found[i] - expected[i]) ** 2;
    norm += expected[i] ** 2;
  }
  return norm === 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
}

/** Compares two arrays by relative norm; another length or a NaN fails. */
export function compare(
  name: string,
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): Comparison {
  if (found.length !== expected.length) {
    return { name, passed: false, reason: `${found.length} numbers, the fixture has ${expected.length}` };
  }
  const error = relativeError(found, expected);
  return { name, passed: error <= tolerance, error, tolerance };
}

/** One line for people. */
export function describeComparison({ name, passed, error, tolerance, reason }: Comparison): string {
  const outcome = passed ? "ok  " : "FAIL";
  if (error === undefined) return `${outcome} ${name}: ${reason ?? "nothing was compared"}`;
  return `${outcome} ${name}: relative error ${error.toExponential(2)}, tolerance ${(tolerance ?? 0).toExponential(0)}`;
}
