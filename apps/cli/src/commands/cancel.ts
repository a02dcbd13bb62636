import { Command } from "commander";
import { connect, withConnection } from "../client/connection.js";
import { printJson } from "../output/json.js";

/** `espalier cancel <job>` */
export function cancelCommand(): Command {
  return withConnection(new Command("cancel"))
    .description("cancel a job")
    .argument("<job>")
    .option("--json", "print the job as JSON", false)
    .action(async (id: string, flags: { url: string; json: boolean }) => {
      const job = await connect(flags).cancel(id);
      if (flags.json) return printJson({ job });
      process.stdout.write(`${job.id} ${job.state}\n`);
      return undefined;
    });
}
