/** What is lost when so many of a search's trials run at once. */
export interface ParallelismAdvice {
  /** Trials that run at once: no more than there are. */
  readonly workers: number;
  /** Share of one worker's gain that the search is left with, about. */
  readonly kept: number;
  /** The most workers that lose little at this budget, and their share. */
  readonly worthwhile: number;
  readonly keptThen: number;
  /** The budget at which the workers asked for would lose as little. */
  readonly trialsWanted: number;
}

/** Below so many trials for each worker, more workers mostly repeat each other. */
const TRIALS_PER_WORKER = 8;

/** Two workers always know almost as much as one. */
const FEW_WORKERS = 2;

/**
 * Share of one worker's gain by trials for each worker, ascending: simulated default searches (bench/search/parallel,
 * objective stories3M), budgets of 16 to 200 trials together, since only the ratio matters. A worker asks without the
 * results of those that run, so what counts is how often results come back before the budget is spent.
 */
const KEPT: readonly (readonly [trialsPerWorker: number, share: number])[] = [
  [1, 0.5],
  [2, 0.67],
  [4, 0.77],
  [8, 0.86],
  [16, 0.9],
  [32, 0.97],
  [64, 1],
];

/** Share of one worker's gain that a search keeps, 0 to 1; between the simulated ratios by their logarithm. */
export function gainKept(trials: number, workers: number): number {
  const ratio = Math.max(1, trials / workers);
  const after = KEPT.findIndex(([at]) => at >= ratio);
  if (after === 0) return KEPT[0]?.[1] ?? 0;
  const [[from, low], [to, high]] = [KEPT[after - 1] ?? [1, 1], KEPT[after] ?? [1, 1]];
  return after < 0 ? 1 : low + ((high - low) * Math.log(ratio / from)) / Math.log(to / from);
}

/** What to do where more workers than a trial budget is good for are asked for; undefined where they help. */
export function parallelismAdvice(trials: number, parallelism: number): ParallelismAdvice | undefined {
  const worthwhile = Math.max(FEW_WORKERS, Math.floor(trials / TRIALS_PER_WORKER));
  if (parallelism <= worthwhile) return undefined;
  const workers = Math.min(parallelism, trials);
  return {
    workers,
    kept: gainKept(trials, workers),
    worthwhile,
    keptThen: gainKept(trials, worthwhile),
    trialsWanted: parallelism * TRIALS_PER_WORKER,
  };
}
