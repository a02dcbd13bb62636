import {
  type ComparisonView,
  type EvaluatedModel,
  formatCount,
  formatPercent,
  formatPerplexity,
  improvementSentence,
  overlapSentence,
  recoverySentences,
  taskRows,
} from "@espalier/contracts";
import Table from "cli-table3";

/** A model, and below it what its recovery made of it. */
function rows(model: EvaluatedModel): string[][] {
  const { name, recovery } = model;
  if (recovery === undefined) return [row(model)];
  const { method, scoring_perplexity, report_perplexity } = recovery;
  return [row(model), row({ ...model, name: `${name} + ${method}`, scoring_perplexity, report_perplexity })];
}

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

/** Zero-shot tasks of some models, a column each; nothing where none was evaluated. */
export function tasksTable(models: readonly Pick<EvaluatedModel, "name" | "tasks">[]): string[] {
  const rows = taskRows(models);
  if (rows.length === 0) return [];
  const table = new Table({
    head: ["task", "items", ...models.map(({ name }) => name)],
    colAligns: ["left", "right", ...models.map(() => "right" as const)],
    style: { head: [], border: [], compact: true },
  });
  for (const { task, items, values } of rows) table.push([task, String(items), ...values]);
  return [table.toString()];
}

/** Dense, baselines and found plans, best first within a sparsity; then the gain, and what the report text repeats. */
export function comparisonTable({ dense, baselines, best, improvement, contamination }: ComparisonView): string {
  const table = new Table({
    head: ["model", "removed", "compensation", "parameters", "scoring ppl", "report ppl"],
    colAligns: ["left", "right", "left", "right", "right", "right"],
    style: { head: [], border: [], compact: true },
  });
  if (dense !== null) table.push(row(dense));
  for (const model of [...baselines, ...best].sort(byReport)) table.push(...rows(model));
  const texts = contamination.filter(({ split }) => split === "report");
  const warnings = texts.flatMap(({ warning }) => (warning === null ? [] : [`Warning: ${warning}`]));
  const found = best.flatMap((model) =>
    model.recovery === undefined ? [model] : [model, { name: `${model.name}, recovered`, ...model.recovery }],
  );
  const tasks = tasksTable([...(dense === null ? [] : [dense]), ...found]);
  return [
    table.toString(),
    ...improvement.map(improvementSentence),
    ...new Set(best.flatMap(recoverySentences)),
    ...tasks,
    ...texts.map(overlapSentence),
    ...warnings,
  ].join("\n");
}
