import type { AnswerOf, Job } from "@espalier/client";
import { formatCount, formatPercent, formatPerplexity } from "@espalier/contracts";

export type History = AnswerOf<"getHistory">;
type Trial = History["trials"][number];

/** Which perplexity is shown: at one target, or over all of them, of which the score is the mean logarithm. */
export interface Shown {
  readonly sparsities: readonly number[];
  /** Null: all targets. */
  readonly sparsity: number | null;
}

/** A trial of the chart. */
export interface Point {
  readonly number: number;
  readonly state: Trial["state"];
  readonly origin: Trial["origin"];
  /** Of a stopped trial estimated from what it read; null: it has none. */
  readonly perplexity: number | null;
  /** The lowest of all trials up to this one; at one of several targets that of the trial that was best over all. */
  readonly best: number | null;
  readonly isImprovement: boolean;
}

/** Something that trials are measured by. */
export interface Mark {
  readonly name: string;
  readonly perplexity: number;
}

/** What the chart draws. */
export interface Course {
  readonly points: readonly Point[];
  readonly dense: Mark | null;
  /** The best first. */
  readonly baselines: readonly Mark[];
}

/** Whether the score is the logarithm of what is shown. */
const isScore = ({ sparsities, sparsity }: Shown): boolean => sparsity === null || sparsities.length <= 1;

function perplexityOf(trial: Trial, shown: Shown): number | null {
  if (isScore(shown)) {
    const score = trial.score ?? trial.partial_score;
    return score === null ? null : Math.exp(score);
  }
  return trial.perplexities.find(({ sparsity }) => sparsity === shown.sparsity)?.scoring_perplexity ?? null;
}

/** A history as points and marks of one perplexity. */
export function courseOf(history: History, dense: Job["dense"], shown: Shown): Course {
  let best: number | null = null;
  let before: number | null = null;
  const points = history.trials.map((trial): Point => {
    const perplexity = perplexityOf(trial, shown);
    const isImprovement = trial.score !== null && trial.score === trial.best_score && trial.best_score !== before;
    before = trial.best_score;
    if (isScore(shown)) best = trial.best_score === null ? null : Math.exp(trial.best_score);
    else if (isImprovement) best = perplexity;
    const { number, state, origin } = trial;
    return { number, state, origin, perplexity, best, isImprovement };
  });
  const reached = dense?.scoring_perplexity ?? null;
  return {
    points,
    dense: reached === null ? null : { name: "dense", perplexity: reached },
    baselines: baselinesOf(history.baselines, shown),
  };
}

/** Baselines that have a perplexity at all targets that are shown, over several the geometric mean. */
function baselinesOf(baselines: History["baselines"], { sparsities, sparsity }: Shown): Mark[] {
  const asked = sparsity === null ? sparsities : [sparsity];
  return [...new Set(baselines.map(({ name }) => name))]
    .flatMap((name): Mark[] => {
      const logs = asked.flatMap((one) => {
        const known = baselines.find((baseline) => baseline.name === name && baseline.sparsity === one);
        return known?.scoring_perplexity == null ? [] : [Math.log(known.scoring_perplexity)];
      });
      if (logs.length === 0 || logs.length < asked.length) return [];
      return [{ name, perplexity: Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length) }];
    })
    .sort((a, b) => a.perplexity - b.perplexity);
}

/** Trials that were better than all before, the latest first. */
export const improvementsOf = ({ points }: Course): Point[] => points.filter((point) => point.isImprovement).reverse();

/** How good the search is so far, or was up to the trial at which the course is cut, in a sentence. */
export function courseSentence({ points, baselines, dense }: Course, cut?: number): string {
  const last = points.at(-1);
  if (last?.best == null) return "No trial was completed yet.";
  const best = points.findLast((point) => point.isImprovement);
  const by = best === undefined ? "" : ` by trial ${best.number}`;
  const [baseline] = baselines;
  const beside = baseline === undefined ? "" : `, ${againstText(last.best, baseline)}`;
  const original = dense === null ? "" : `; the dense model has ${formatPerplexity(dense.perplexity)}`;
  const begin = cut === undefined ? "The best perplexity is" : `Up to trial ${cut} the best perplexity is`;
  return `${begin} ${formatPerplexity(last.best)}${by}${beside}${original}.`;
}

function againstText(perplexity: number, { name, perplexity: rival }: Mark): string {
  const gain = 1 - perplexity / rival;
  return `${formatPercent(Math.abs(gain))} ${gain < 0 ? "worse" : "better"} than the best baseline (${name})`;
}

/** Which trials are drawn, where these are not all. */
export function thinnedText({ trials, thinned, total }: History): string {
  if (!thinned) return "";
  return `${formatCount(trials.length)} of ${formatCount(total)} trials are drawn: every improvement that there is room for, others evenly. Zoom in to see each one.`;
}
