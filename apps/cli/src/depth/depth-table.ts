import { type DepthOutcome, formatCount, formatPerplexity } from "@espalier/contracts";
import Table from "cli-table3";

/** The dense model and what each depth method left of it, on one report text. */
export function depthTable({ results, written }: DepthOutcome, out: string): string {
  const table = new Table({
    head: ["method", "blocks removed", "parameters", "report ppl", "seconds"],
    colAligns: ["left", "left", "right", "right", "right"],
    style: { head: [], border: [], compact: true },
  });
  for (const { method, dropped, parameters, report_perplexity, seconds } of results) {
    table.push([
      method === written ? `${method} ◀ written` : method,
      dropped.join(", "),
      formatCount(parameters),
      formatPerplexity(report_perplexity),
      seconds.toFixed(1),
    ]);
  }
  return `${table.toString()}\nThe model of '${written}' is in ${out}. Only trsp trains the blocks that stay.`;
}
