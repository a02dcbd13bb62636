import { relative } from "node:path";
import type { Reporter, TestModule } from "vitest/node";
import { faultRows, hostileRows, type Row } from "./rows.js";

const MILLISECONDS = 1000;

/** Ends a run with a table: each row of the fault table and each kind of hostile input, its outcome and its seconds. */
export default class TableReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const run = new Map(modules.map((module) => [relative(process.cwd(), module.moduleId), module]));
    const lines = [
      ["row", "fault", "outcome", "seconds"],
      ...faultRows.map((row) => line(String(row.number ?? ""), row, run)),
      ...hostileRows.map((row) => line("", { ...row, fault: `hostile: ${row.fault}` }, run)),
    ];
    const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((cells) => cells[column].length)));
    const table = lines.map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column]))
        .join("  ")
        .trimEnd(),
    );
    // After the other reporters' own endings, which are written in this same turn.
    process.once("exit", () => process.stdout.write(`\n${table.join("\n")}\n`));
  }
}

function line(number: string, { fault, tests, bench }: Row, run: ReadonlyMap<string, TestModule>): readonly string[] {
  const modules = tests.flatMap((path) => run.get(path) ?? []);
  const text = bench === undefined ? fault : `${fault} (a smaller one; in full: ${bench})`;
  if (modules.length === 0) return [number, text, "not run", ""];
  const seconds = modules.reduce((sum, module) => sum + module.diagnostic().duration, 0) / MILLISECONDS;
  return [number, text, outcomeOf(modules), seconds.toFixed(1)];
}

function outcomeOf(modules: readonly TestModule[]): string {
  const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
  const count = (state: string) => states.filter((one) => one === state).length;
  const isBroken = modules.some((module) => module.state() === "failed");
  const told = isBroken ? `FAILED (${count("failed")} of ${states.length})` : `passed (${count("passed")})`;
  return count("skipped") === 0 ? told : `${told}, ${count("skipped")} skipped`;
}
