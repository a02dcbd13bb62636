import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { formatPerplexity, type TrialView } from "@espalier/contracts";
import Table from "cli-table3";
import { Command } from "commander";
import { connect, withConnection } from "../client/connection.js";
import { printJson } from "../output/json.js";

interface TrialsFlags {
  readonly url: string;
  readonly csv: boolean;
  readonly json: boolean;
}

const perplexities = ({ results }: TrialView): string =>
  results.map(({ scoring_perplexity }) => formatPerplexity(scoring_perplexity)).join(", ");

/** `espalier trials <job>` */
export function trialsCommand(): Command {
  return withConnection(new Command("trials"))
    .description("list the trials of a job")
    .argument("<job>")
    .option("--csv", "print as CSV, a column per parameter", false)
    .option("--json", "print as JSON", false)
    .action(async (id: string, flags: TrialsFlags) => {
      const client = connect(flags);
      if (flags.csv) return pipeline(Readable.fromWeb(await client.trialsCsv(id)), process.stdout, { end: false });
      const trials: TrialView[] = [];
      for await (const trial of client.trials(id)) trials.push(trial);
      if (flags.json) return printJson({ data: trials });
      const table = new Table({
        head: ["trial", "state", "origin", "score", "perplexity", "seconds"],
        style: { head: [], border: [], compact: true },
      });
      for (const trial of trials) {
        const { number, state, origin, score, duration_seconds } = trial;
        table.push([
          number,
          state,
          origin ?? "",
          score?.toFixed(4) ?? "",
          perplexities(trial),
          duration_seconds?.toFixed(2) ?? "",
        ]);
      }
      process.stdout.write(`${table.toString()}\n`);
      return undefined;
    });
}
