import { Command } from "commander";
import { z } from "zod";
import { connect, withConnection } from "../client/connection.js";
import { watchJob } from "../client/watch-job.js";
import { comparisonTable } from "../output/comparison-table.js";
import { defaultProgressStyle } from "../output/job-progress.js";
import { printJson } from "../output/json.js";
import { warnOfParallelism } from "../output/parallelism-warning.js";
import { assertSucceeded } from "./assert-succeeded.js";

const count = z.number().catch(1);

/** What is read of a job's specification, which the contract leaves open. */
const watchedSpec = z.object({ search: z.object({ trials: count, parallelism: count }) });

/** `espalier watch <job>` */
export function watchCommand(): Command {
  return withConnection(new Command("watch"))
    .description("follow a job to its end")
    .argument("<job>")
    .option("--json", "print the finished job as JSON", false)
    .action(async (id: string, flags: { url: string; json: boolean }) => {
      const client = connect(flags);
      const { search } = watchedSpec.parse((await client.job(id)).spec);
      warnOfParallelism(search);
      const job = await watchJob(client, id, defaultProgressStyle());
      if (flags.json) printJson({ job });
      assertSucceeded(job);
      if (!flags.json) process.stdout.write(`${comparisonTable(await client.comparison(id))}\n`);
    });
}
