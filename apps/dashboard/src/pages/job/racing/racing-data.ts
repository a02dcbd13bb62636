import type { AnswerOf, Job } from "@espalier/client";
import { formatCount, formatPercent } from "@espalier/contracts";

export type History = AnswerOf<"getHistory">;

/** A trial that raced to its end, stopped or whole. */
export interface Race {
  readonly number: number;
  /** It clearly lost and was stopped. */
  readonly isStopped: boolean;
  /** Share of the scoring text that it read. */
  readonly share: number;
  readonly rival: number | null;
  /** Perplexity ÷ that of the best trial before it, less 1; of a stopped one by its estimate. Null for the first trials. */
  readonly behind: number | null;
}

/** Trials that read some of the text, against the best score before each; of a thinned history the best one drawn before. */
export function racesOf({ trials }: History): Race[] {
  let before: number | null = null;
  return trials.flatMap((trial): Race[] => {
    const { number, state, scored_share: share, rival, best_score } = trial;
    const score = trial.score ?? trial.partial_score;
    const best = before;
    before = best_score;
    if (share === null || score === null) return [];
    const behind = best === null ? null : Math.expm1(score - best);
    return [{ number, isStopped: state === "pruned", share, rival, behind }];
  });
}

/** Races that ended after a part of the text. */
export interface Ending {
  /** Up to this share of the text; the part before ends where this one begins. */
  readonly upTo: number;
  readonly count: number;
}

const PARTS = 10;

/** Stopped trials by the tenth of the text in which they were stopped. */
export function endingsOf(races: readonly Race[]): Ending[] {
  const partOf = (share: number): number => Math.min(PARTS - 1, Math.max(0, Math.ceil(share * PARTS - 1e-9) - 1));
  const counts = new Array<number>(PARTS).fill(0);
  for (const { isStopped, share } of races) if (isStopped) counts[partOf(share)] = (counts[partOf(share)] ?? 0) + 1;
  return counts.map((count, part) => ({ upTo: (part + 1) / PARTS, count }));
}

/** Share of the text that a stopped trial read on average; null where none was stopped. */
export const readByStopped = ({ completed, pruned, tokens_saved }: Job["trials"]): number | null =>
  pruned === 0 ? null : 1 - (tokens_saved * (completed + pruned)) / pruned;

/** What racing did, in a sentence. */
export function racingSentence(trials: Job["trials"]): string {
  const { completed, pruned } = trials;
  const read = readByStopped(trials);
  if (completed + pruned === 0) return "No trial has raced yet.";
  if (read === null) return `None of the ${formatCount(completed)} trials so far lost clearly enough to be stopped.`;
  return `${formatCount(pruned)} of ${formatCount(completed + pruned)} trials clearly lost and were stopped, after ${formatPercent(read)} of the text on average.`;
}
