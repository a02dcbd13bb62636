import { Command } from "commander";
import { connect, withConnection } from "../client/connection.js";
import { printJson } from "../output/json.js";
import { readJobFile } from "./job-file.js";

/** `espalier submit job.json` */
export function submitCommand(): Command {
  return withConnection(new Command("submit"))
    .description("submit a job described in a JSON file ('-' reads standard input)")
    .argument("<file>")
    .option("--json", "print the service's answer as JSON", false)
    .action(async (file: string, flags: { url: string; json: boolean }) => {
      const answer = await connect(flags).submit(await readJobFile(file));
      if (flags.json) return printJson(answer);
      process.stdout.write(`${answer.job.id}\n`);
      for (const { url, secret } of answer.webhook_secrets ?? []) {
        process.stderr.write(`Signing secret for ${url}, shown this once: ${secret}\n`);
      }
      return undefined;
    });
}
