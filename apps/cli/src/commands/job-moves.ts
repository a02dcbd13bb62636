import { Command } from "commander";
import type { JobMove } from "../client/api-client.js";
import { connect, withConnection } from "../client/connection.js";
import { printJson } from "../output/json.js";

interface MoveFlags {
  readonly url: string;
  readonly json: boolean;
}

const moveCommand = (move: JobMove, description: string) => (): Command =>
  withConnection(new Command(move))
    .description(description)
    .argument("<job>")
    .option("--json", "print the job as JSON", false)
    .action(async (id: string, flags: MoveFlags) => {
      const job = await connect(flags).move(id, move);
      if (flags.json) return printJson({ job });
      process.stdout.write(`${job.id} ${job.state}\n`);
      return undefined;
    });

/** `espalier cancel <job>` */
export const cancelCommand = moveCommand("cancel", "cancel a job");

/** `espalier pause <job>` */
export const pauseCommand = moveCommand("pause", "pause a search: what runs may end, nothing new begins");

/** `espalier resume <job>` */
export const resumeCommand = moveCommand("resume", "let a paused job go on");

/** `espalier finish <job>` */
export const finishCommand = moveCommand("finish", "end a search now and export the best so far");

/** `espalier delete <job>` */
export function deleteCommand(): Command {
  return withConnection(new Command("delete"))
    .description("delete a job that has ended, with its trials and files")
    .argument("<job>")
    .option("--json", "print the answer as JSON", false)
    .action(async (id: string, flags: MoveFlags) => {
      await connect(flags).deleteJob(id);
      if (flags.json) return printJson({ id, deleted: true });
      process.stdout.write(`${id} deleted\n`);
      return undefined;
    });
}
