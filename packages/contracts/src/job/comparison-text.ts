import type { Improvement } from "./comparison-view.js";
import type { EvaluatedModel } from "./job-view.js";
import type { SplitOverlap } from "./split-overlap.js";

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** One plain sentence: by how much the found plan is better than the best baseline, and whether that may be chance. */
export function improvementSentence({ sparsity, baseline, relative, interval }: Improvement): string {
  const sign = relative < 0 ? -1 : 1;
  const [low, high] = interval.map((end) => sign * end).sort((a, b) => a - b) as [number, number];
  const chance = low <= 0 && high >= 0 ? " The interval includes zero: this may be chance." : "";
  return (
    `At ${percent(sparsity)} sparsity the found plan is ${sign < 0 ? "worse" : "better"} than the best baseline ` +
    `(${baseline}) by ${percent(Math.abs(relative))} [${percent(low)}, ${percent(high)}] of perplexity on the report ` +
    `text (95 % paired bootstrap interval).${chance}`
  );
}

const recoveryNames = { least_squares: "sequential least squares", lora: "low-rank training (LoRA)" } as const;

/**
 * What a recovery did, in plain sentences; none for a model without. Baselines get no recovery: the gain over them is that
 * of the plan before it.
 */
export function recoverySentences({ name, sparsity, report_perplexity, recovery }: EvaluatedModel): string[] {
  if (recovery === undefined) return [];
  const { method, relative, interval, training } = recovery;
  const [before, after] = [report_perplexity, recovery.report_perplexity].map((p) => p?.toFixed(3) ?? "none");
  const rest = training?.end === "time" ? "; its time ran out" : "";
  const steps = training === null ? "" : ` ${training.steps} steps, the best state after ${training.best_step}${rest}.`;
  return [
    `At ${percent(sparsity)} sparsity ${recoveryNames[method]} took the report perplexity of ${name} from ${before} to ` +
      `${after}: ${percent(relative)} less [${percent(interval.low)}, ${percent(interval.high)}] (95 % paired bootstrap interval).${steps}`,
    "The baselines were not recovered: compare them with the plan before recovery.",
  ];
}

/** Smaller shares would read as none. */
const LEAST_SHOWN = 0.001;

/** One plain sentence: how much of a text also stands in another one. */
export function overlapSentence({ split, other, n, share, windows_touched, windows }: SplitOverlap): string {
  const some = share > 0 && share < LEAST_SHOWN ? `Less than ${percent(LEAST_SHOWN)}` : percent(share);
  return `${some} of the ${n}-grams of the ${split} text also occur in the ${other} text (${windows_touched} of ${windows} windows touched).`;
}
