import type { ComparisonView, EvaluatedModel } from "@espalier/contracts";
import Table from "cli-table3";
import { formatCount, formatPercent, formatPerplexity } from "./format.js";

function row(model: EvaluatedModel): string[] {
  const found = model.trial_number === null ? "" : " ◀ found";
  return [
    `${model.name}${found}`,
    model.sparsity === 0 ? "dense" : formatPercent(model.achieved_sparsity),
    model.compensation,
    formatCount(model.parameters),
    formatPerplexity(model.scoring_perplexity),
    formatPerplexity(model.report_perplexity),
  ];
}

const byReport = (a: EvaluatedModel, b: EvaluatedModel): number =>
  a.sparsity - b.sparsity ||
  (a.report_perplexity ?? Number.POSITIVE_INFINITY) - (b.report_perplexity ?? Number.POSITIVE_INFINITY);

/** Dense, baselines and found plans, best first within a sparsity, with the gain over the best baseline. */
export function comparisonTable({ dense, baselines, best, improvement }: ComparisonView): string {
  const table = new Table({
    head: ["model", "removed", "compensation", "parameters", "scoring ppl", "report ppl"],
    colAligns: ["left", "right", "left", "right", "right", "right"],
    style: { head: [], border: [], compact: true },
  });
  if (dense !== null) table.push(row(dense));
  for (const model of [...baselines, ...best].sort(byReport)) table.push(row(model));
  const gains = improvement.map(({ sparsity, baseline, relative, interval: [low, high] }) => {
    const verb = relative >= 0 ? "better" : "worse";
    return `At ${formatPercent(sparsity)} the found plan is ${formatPercent(Math.abs(relative))} ${verb} than the best baseline (${baseline}) on the report text, 95 % interval [${formatPercent(low)}, ${formatPercent(high)}].`;
  });
  return [table.toString(), ...gains].join("\n");
}
