import { Command } from "commander";
import { connect, withConnection } from "../client/connection.js";
import { watchJob } from "../client/watch-job.js";
import { comparisonTable } from "../output/comparison-table.js";
import { defaultProgressStyle } from "../output/job-progress.js";
import { printJson } from "../output/json.js";
import { assertSucceeded } from "./assert-succeeded.js";

/** `espalier watch <job>` */
export function watchCommand(): Command {
  return withConnection(new Command("watch"))
    .description("follow a job to its end")
    .argument("<job>")
    .option("--json", "print the finished job as JSON", false)
    .action(async (id: string, flags: { url: string; json: boolean }) => {
      const client = connect(flags);
      const job = await watchJob(client, id, defaultProgressStyle());
      if (flags.json) printJson({ job });
      assertSucceeded(job);
      if (!flags.json) process.stdout.write(`${comparisonTable(await client.comparison(id))}\n`);
    });
}
