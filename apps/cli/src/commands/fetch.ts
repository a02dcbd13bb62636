import { resolve } from "node:path";
import { Command } from "commander";
import { fetchModel } from "../hub/fetch-model.js";
import { type HubName, hubName } from "../hub/hub-name.js";
import { printJson } from "../output/json.js";
import { defaultDataDir } from "../stack/default-data-dir.js";

/** `espalier fetch owner/name[@revision]`: prints the folder, so that other commands can take it. */
export function fetchCommand(): Command {
  return new Command("fetch")
    .description("download a model of a Hugging Face hub, checking every file, and print its folder")
    .argument("<owner/name[@revision]>", "the model; without a revision: main", hubName)
    .option("--data-dir <dir>", "kept in the folder hub of it, where `espalier up` finds it", defaultDataDir())
    .option("--json", "print one JSON document", false)
    .action(async (name: HubName, flags: { dataDir: string; json: boolean }) => {
      const { hub, revision, path } = await fetchModel(name, resolve(flags.dataDir));
      if (flags.json) return printJson({ hub, revision, path });
      process.stdout.write(`${path}\n`);
      return undefined;
    });
}
