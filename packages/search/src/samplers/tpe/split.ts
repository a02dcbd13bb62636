import { type History, inNumberOrder, isFinished, type Trial } from "../../history/trial.js";
import { orderComplete } from "./objectives/order-complete.js";
import { type ConstraintRule, violation } from "./violation.js";

/** A history cut in good and bad trials, both in number order. */
export interface Split {
  readonly below: readonly Trial[];
  readonly above: readonly Trial[];
}

/** What the split needs of the sampler's settings. */
export interface SplitRule extends ConstraintRule {
  readonly constantLiar: boolean;
}

/** Trials whose outcome counts, infeasible ones included: the number that the gamma rules are applied to. */
export function finishedCount(trials: readonly Trial[]): number {
  let count = 0;
  for (const trial of trials) if (isFinished(trial)) count++;
  return count;
}

/**
 * Cuts a history: the `goodCount` best finished trials are below, the others above.
 * Complete feasible trials come first, then pruned ones, then infeasible ones by violation; all sorts are stable.
 * Failed trials are dropped; running ones are dropped, or always above with the constant liar.
 */
export function splitTrials(history: History, goodCount: number, rule: SplitRule): Split {
  const trials = inNumberOrder(history.trials);
  const finished = trials.filter(isFinished);
  const feasible = finished.filter((trial) => violation(trial, rule) === 0);
  const complete = feasible.filter((trial) => trial.state === "complete");
  const good = new Set(orderComplete(complete, history.directions, goodCount));
  const fill = (candidates: readonly Trial[]): void => {
    for (const trial of candidates.slice(0, Math.max(goodCount - good.size, 0))) good.add(trial);
  };
  if (good.size < goodCount) fill(orderPruned(feasible, history));
  if (good.size < goodCount) {
    const infeasible = finished.filter((trial) => violation(trial, rule) > 0);
    fill(infeasible.sort((a, b) => compare(violation(a, rule), violation(b, rule))));
  }
  const counts = (trial: Trial): boolean => isFinished(trial) || (trial.state === "running" && rule.constantLiar);
  const below: Trial[] = [];
  const above: Trial[] = [];
  for (const trial of trials) {
    if (good.has(trial)) below.push(trial);
    else if (counts(trial)) above.push(trial);
  }
  return { below, above };
}

/** Order of two numbers, infinities allowed: their difference could be NaN. */
const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

/** Pruned trials, most promising first: further on before, then the better last value; no report at all comes last. */
function orderPruned(trials: readonly Trial[], { directions }: History): readonly Trial[] {
  const sign = directions[0] === "maximize" ? -1 : 1;
  const keys = trials
    .filter((trial) => trial.state === "pruned")
    .map((trial) => {
      const last = trial.intermediate?.reduce((a, b) => (b[0] >= a[0] ? b : a));
      if (last === undefined) return { trial, step: 1, value: 0 };
      return { trial, step: -last[0], value: Number.isNaN(last[1]) ? Infinity : sign * last[1] };
    });
  return keys.sort((a, b) => compare(a.step, b.step) || compare(a.value, b.value)).map(({ trial }) => trial);
}
