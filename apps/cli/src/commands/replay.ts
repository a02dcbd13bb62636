import type { ReplayOutcome } from "@espalier/contracts";
import { Command } from "commander";
import { exitCodes } from "../cli-error.js";
import { printJson } from "../output/json.js";
import { type ReplayFlags, replayFlags } from "../replay/replay-flags.js";
import { replayText } from "../replay/replay-text.js";
import { runReplay } from "../replay/run-replay.js";

const exitCodeOf: Record<ReplayOutcome["verdict"], number> = {
  identical: exitCodes.done,
  same_plan: exitCodes.done,
  different: exitCodes.jobFailed,
  stopped: exitCodes.badInput,
};

/** `espalier replay recipe.json --model DIR --corpora DIR` */
export function replayCommand(): Command {
  return replayFlags(new Command("replay"))
    .description("make an exported model again from its recipe, without a service, and compare it byte for byte")
    .action(async (recipe: string, flags: ReplayFlags) => {
      const outcome = await runReplay(recipe, flags);
      process.exitCode = exitCodeOf[outcome.verdict];
      if (flags.json) return printJson(outcome);
      process.stdout.write(`${replayText(outcome)}\n`);
      return undefined;
    });
}
