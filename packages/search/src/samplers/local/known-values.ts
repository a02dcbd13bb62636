import { type History, inNumberOrder, type Trial } from "../../history/trial.js";

/** Trials with a loss each, smaller is better, finite. */
export interface KnownValues {
  readonly trials: readonly Trial[];
  readonly losses: Float64Array;
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
  const raw = trials.map((trial) =>
    trial.state === "complete" && feasible(trial) ? sign * (trial.values?.[0] ?? Infinity) : Number.NaN,
  );
  const finite = raw.filter(Number.isFinite).sort((a, b) => a - b);
  const best = finite[0];
  const median = finite[finite.length >> 1];
  const spread = median - best;
  if (finite.length < 2 || !(spread > 0)) return null;
  const scaled = (loss: number): number =>
    loss <= median ? (loss - median) / spread : 1 - Math.exp((median - loss) / spread);
  const worst = scaled(finite[finite.length - 1]);
  const losses = Float64Array.from(raw, (loss, i) => {
    if (Number.isFinite(loss)) return scaled(loss);
    return trials[i].state === "pruned" || trials[i].state === "running" ? 0 : worst;
  });
  return { trials, losses, incumbent: raw.indexOf(best) };
}
