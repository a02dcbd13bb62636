import type { Params } from "../space/parameter.js";

/** Whether smaller or larger values of an objective are better. */
export type Direction = "minimize" | "maximize";

/** Where a trial stands; `pruned` = stopped early on purpose, `failed` = has no usable result. */
export type TrialState = "running" | "complete" | "pruned" | "failed";

/** One proposal and what came of it. */
export interface Trial {
  readonly number: number;
  readonly state: TrialState;
  /** In the user's units; a categorical parameter's value is the choice. */
  readonly params: Params;
  /** One value per objective; present when complete. Infinities are ordinary values, NaN is not. */
  readonly values?: readonly number[];
  /** `[step, value]` pairs in reporting order; a pruned trial is judged by its last one. */
  readonly intermediate?: readonly (readonly [step: number, value: number])[];
  /** Violations: a value above zero breaks the constraint by that much. */
  readonly constraints?: readonly number[];
}

/** All that a sampler knows: the directions of the objectives and the trials so far, running ones included. */
export interface History {
  readonly directions: readonly Direction[];
  readonly trials: readonly Trial[];
}

/** True for trials whose outcome counts: complete and pruned ones. */
export const isFinished = (trial: Trial): boolean => trial.state === "complete" || trial.state === "pruned";

/** The trials in the order of their numbers, so that a history's storage order never matters. */
export function inNumberOrder(trials: readonly Trial[]): readonly Trial[] {
  const sorted = trials.every((t, i) => i === 0 || trials[i - 1].number <= t.number);
  return sorted ? trials : [...trials].sort((a, b) => a.number - b.number);
}

/**
 * Refuses a history that cannot be used.
 * @throws RangeError for no objective, or a complete trial with a wrong number of values or a NaN (that is a failed trial).
 */
export function assertUsable(history: History): void {
  const objectives = history.directions.length;
  if (objectives === 0) throw new RangeError("history.directions is empty, name at least one objective's direction");
  for (const { number, state, values } of history.trials) {
    if (state !== "complete") continue;
    if (values?.length !== objectives || values.some((value) => Number.isNaN(value))) {
      throw new RangeError(
        `trial ${number} is complete with values ${String(values)}, expected ${objectives} without NaN`,
      );
    }
  }
}
