import type { TrialView } from "@espalier/contracts";
import Table from "cli-table3";
import { Command } from "commander";
import type { ApiClient } from "../client/api-client.js";
import { connect, withConnection } from "../client/connection.js";
import { formatPerplexity } from "../output/format.js";
import { printJson } from "../output/json.js";

interface TrialsFlags {
  readonly url: string;
  readonly csv: boolean;
  readonly json: boolean;
}

/** Quotes a CSV field (RFC 4180). */
function csvField(value: unknown): string {
  const text = value === null || value === undefined ? "" : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const fixedColumns = ["number", "state", "origin", "score", "duration_seconds"] as const;

async function printCsv(client: ApiClient, id: string): Promise<void> {
  let names: readonly string[] | undefined;
  for await (const trial of client.trials(id)) {
    if (names === undefined) {
      names = Object.keys(trial.params ?? {});
      process.stdout.write(`${[...fixedColumns, ...names].map(csvField).join(",")}\r\n`);
    }
    const values = [...fixedColumns.map((column) => trial[column]), ...names.map((name) => trial.params?.[name])];
    process.stdout.write(`${values.map(csvField).join(",")}\r\n`);
  }
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
      if (flags.csv) return printCsv(client, id);
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
