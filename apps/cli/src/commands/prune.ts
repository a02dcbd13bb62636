import { formatDuration } from "@espalier/contracts";
import { Command } from "commander";
import { comparisonTable } from "../output/comparison-table.js";
import { printJson } from "../output/json.js";
import { type PruneFlags, pruneFlags } from "../prune/prune-flags.js";
import { runPrune } from "../prune/run-prune.js";

/** `espalier prune --model DIR --calibration FILE --sparsity 0.2 --out DIR` */
export function pruneCommand(): Command {
  return pruneFlags(new Command("prune"))
    .description("search for and write a pruned model, in one command; no service is left running")
    .action(async (flags: PruneFlags) => {
      const { document, comparison } = await runPrune(flags);
      if (flags.json) return printJson(document);
      const total = document.timing.total_seconds;
      process.stdout.write(`${comparisonTable(comparison)}\n`);
      process.stdout.write(
        `Written to ${document.artifact_path}${total === null ? "" : ` in ${formatDuration(total)}`}\n`,
      );
      return undefined;
    });
}
