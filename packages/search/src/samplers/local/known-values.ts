import { type History, inNumberOrder, type Trial } from "../../history/trial.js";

/** Trials with a loss each, smaller is better, finite. */
export interface KnownValues {
  readonly trials: readonly Trial[];
  /** Loss of `trials[i]`. */
  lossOf(i: number): number;
  /** Index of the best complete trial; the first one in a tie. */
  readonly incumbent: number;
}

/**
 * Losses of the trials for a model of the neighbourhood of the best one: linear from the best to the median, and levelling
 * off beyond it, so that far worse trials do not drown the differences that count. What is bad without a number of
 * its own (infeasible, infinite) is as bad as the worst; pruned and running trials count as middling.
 * Null for several objectives, and with fewer than two finite values or no spread between them.
 */
export function knownValues(history: History, feasible: (trial: Trial) => boolean): KnownValues | null {
  if (history.directions.length !== 1) return null;
  const sign = history.directions[0] === "maximize" ? -1 : 1;
  const trials = inNumberOrder(history.trials).filter(({ state }) => state !== "failed");
  const raw = new Float64Array(trials.length);
  const finite = new Float64Array(trials.length);
  let count = 0;
  for (let i = 0; i < trials.length; i++) {
    const trial = trials[i];
    const counts = trial.state === "complete" && feasible(trial);
    raw[i] = counts ? sign * (trial.values?.[0] ?? Infinity) : Number.NaN;
    if (Number.isFinite(raw[i])) finite[count++] = raw[i];
  }
  if (count < 2) return null;
  const sorted = finite.subarray(0, count).sort();
  const best = sorted[0];
  const median = sorted[count >> 1];
  const spread = median - best;
  if (!(spread > 0)) return null;
  const scaled = (loss: number): number =>
    loss <= median ? (loss - median) / spread : 1 - Math.exp((median - loss) / spread);
  const worst = scaled(sorted[count - 1]);
  return {
    trials,
    incumbent: raw.indexOf(best),
    lossOf(i) {
      if (Number.isFinite(raw[i])) return scaled(raw[i]);
      return trials[i].state === "pruned" || trials[i].state === "running" ? 0 : worst;
    },
  };
}
