import { formatPercent, type ImportanceView } from "@espalier/contracts";
import Table from "cli-table3";

/** Characters of a full bar. */
const BAR = 24;

/** Parameters with their share of the importance as bars, most important first, or why there are none. */
export function importanceTable({ parameters, trials, truncated, top_trials, reason }: ImportanceView): string {
  const of = `${truncated ? "the newest " : ""}${trials} trials`;
  if (reason !== null) return `No importances: ${reason} (${of}).`;
  const table = new Table({
    head: ["parameter", "importance", ""],
    colAligns: ["left", "right", "left"],
    style: { head: [], border: [], compact: true },
  });
  for (const { name, importance } of parameters) {
    table.push([name, formatPercent(importance), "█".repeat(Math.round(importance * BAR))]);
  }
  return `${table.toString()}\nHow much each parameter decides whether a trial is among the best ${top_trials} of ${of}.`;
}
