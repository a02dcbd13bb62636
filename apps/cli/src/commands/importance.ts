import { Command, InvalidArgumentError } from "commander";
import { connect, withConnection } from "../client/connection.js";
import { importanceTable } from "../output/importance-table.js";
import { printJson } from "../output/json.js";

interface ImportanceFlags {
  readonly url: string;
  readonly quantile: number;
  readonly json: boolean;
}

function quantile(text: string): number {
  const value = Number(text);
  if (value >= 0.001 && value <= 0.9) return value;
  throw new InvalidArgumentError(`'${text}' is not a share from 0.001 to 0.9.`);
}

/** `espalier importance <job>` */
export function importanceCommand(): Command {
  return withConnection(new Command("importance"))
    .description("show how much each parameter of a search decides")
    .argument("<job>")
    .option("--quantile <share>", "share of the trials that count as the best", quantile, 0.1)
    .option("--json", "print as JSON", false)
    .action(async (id: string, flags: ImportanceFlags) => {
      const found = await connect(flags).importance(id, flags.quantile);
      if (flags.json) return printJson(found);
      process.stdout.write(`${importanceTable(found)}\n`);
      return undefined;
    });
}
