import { Command } from "commander";
import { connect, withConnection } from "../client/connection.js";
import { pullArtefact } from "../client/pull-artefact.js";
import { printJson } from "../output/json.js";

/** `espalier pull <job> [dir]` */
export function pullCommand(): Command {
  return withConnection(new Command("pull"))
    .description("download the artefact of a finished job, checking every SHA-256")
    .argument("<job>")
    .argument("[dir]", "where to", ".")
    .option("--json", "print the files as JSON", false)
    .action(async (id: string, dir: string, flags: { url: string; json: boolean }) => {
      const files = await pullArtefact(connect(flags), id, dir);
      if (flags.json) return printJson({ data: files });
      process.stdout.write(`${files.length} files in ${dir}\n`);
      return undefined;
    });
}
