import type { TaskMetric } from "@espalier/contracts";
import type { ChoiceScore } from "./run-choices.js";
import type { EvaluationTask, MetricName, TaskItem } from "./tasks/task.js";

/**
 * Metrics of a task, the one that is quoted first, each with the standard error of its mean (that of the perplexity by
 * the delta method). Null where a log-likelihood is not finite; the error also where there is one item.
 */
export function taskMetrics(
  { metrics }: EvaluationTask,
  items: readonly TaskItem[],
  scores: readonly (readonly ChoiceScore[])[],
): TaskMetric[] {
  const finite = scores.every((item) => item.every(({ logLikelihood }) => Number.isFinite(logLikelihood)));
  return metrics.map((name) => {
    if (!finite) return { name, value: null, stderr: null };
    const { mean, stderr } = meanWithError(items.map((item, i) => itemValue[name](item, scores[i])));
    if (name !== "perplexity") return { name, value: mean, stderr };
    const value = Math.exp(-mean);
    return { name, value, stderr: stderr === null ? null : value * stderr };
  });
}

const itemValue: Readonly<Record<MetricName, (item: TaskItem, scores: readonly ChoiceScore[]) => number>> = {
  acc: ({ choices, gold }, scores) =>
    choices.length === 1
      ? Number(scores[0].greedy)
      : Number(likeliest(scores.map(({ logLikelihood }) => logLikelihood)) === gold),
  acc_norm: ({ choices, gold }, scores) =>
    Number(likeliest(scores.map(({ logLikelihood }, c) => logLikelihood / choices[c].length)) === gold),
  perplexity: (_, [{ logLikelihood }]) => logLikelihood,
};

/** Place of the largest number; of equal ones the first. */
const likeliest = (values: readonly number[]): number => values.indexOf(Math.max(...values));

/** Mean, and its standard error: sample deviation ÷ √n. */
function meanWithError(values: readonly number[]): { readonly mean: number; readonly stderr: number | null } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2) return { mean, stderr: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, stderr: Math.sqrt(squares / (n - 1) / n) };
}
