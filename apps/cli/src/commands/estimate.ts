import { Command } from "commander";
import { connect, withConnection } from "../client/connection.js";
import { estimateText } from "../output/estimate-text.js";
import { printJson } from "../output/json.js";
import { readJobFile } from "./job-file.js";

/** `espalier estimate job.json` */
export function estimateCommand(): Command {
  return withConnection(new Command("estimate"))
    .description("say what a job would cost, without submitting it ('-' reads standard input)")
    .argument("<file>")
    .option("--json", "print the service's answer as JSON", false)
    .action(async (file: string, flags: { url: string; json: boolean }) => {
      const estimate = await connect(flags).estimate(await readJobFile(file));
      if (flags.json) return printJson(estimate);
      process.stdout.write(`${estimateText(estimate)}\n`);
      return undefined;
    });
}
