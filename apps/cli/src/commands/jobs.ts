import { formatPercent, formatPerplexity, type JobState, jobStates } from "@espalier/contracts";
import Table from "cli-table3";
import { Command, Option } from "commander";
import { connect, withConnection } from "../client/connection.js";
import { printJson } from "../output/json.js";
import { wholeNumber } from "./arguments.js";

interface JobsFlags {
  readonly url: string;
  readonly state?: JobState;
  readonly limit: number;
  readonly json: boolean;
}

/** `espalier jobs` */
export function jobsCommand(): Command {
  return withConnection(new Command("jobs"))
    .description("list jobs, newest first")
    .addOption(new Option("--state <state>", "only jobs in this state").choices(jobStates))
    .option("--limit <n>", "at most this many", wholeNumber(1, 200), 20)
    .option("--json", "print as JSON", false)
    .action(async (flags: JobsFlags) => {
      const { limit, state } = flags;
      const answer = await connect(flags).jobs({ limit, ...(state !== undefined && { state }) });
      if (flags.json) return printJson(answer);
      const table = new Table({
        head: ["job", "name", "state", "done", "trials", "best so far"],
        style: { head: [], border: [], compact: true },
      });
      for (const { id, name, state, progress, trials, best } of answer.data) {
        const found = best.map(
          (model) => `${formatPercent(model.sparsity)}: ${formatPerplexity(model.scoring_perplexity)}`,
        );
        table.push([
          id,
          name ?? "",
          state,
          formatPercent(progress.fraction),
          `${trials.completed}/${trials.budget}`,
          found.join(", "),
        ]);
      }
      process.stdout.write(`${table.toString()}\n`);
      return undefined;
    });
}
