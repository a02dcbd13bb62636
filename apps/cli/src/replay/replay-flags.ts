import { availableParallelism } from "node:os";
import { type Command, Option } from "commander";
import { wholeNumber } from "../commands/arguments.js";

export interface ReplayFlags {
  readonly model: string;
  readonly corpora: string[];
  readonly out?: string;
  readonly dataDir?: string;
  readonly threads: number;
  readonly provider?: "cpu" | "webgpu" | "cuda";
  readonly force: boolean;
  readonly json: boolean;
}

/** The flags of `espalier replay`. */
export function replayFlags(command: Command): Command {
  return command
    .argument("<recipe>", "recipe.json of an exported model; a search.json beside it is used")
    .requiredOption("--model <dir>", "Hugging Face folder of the model that was pruned")
    .requiredOption("--corpora <dir...>", "folders that hold the recipe's texts")
    .option("--out <dir>", "keep the repeated model here, a folder per export profile (default: only compare)")
    .option("--data-dir <dir>", "reuse and keep statistics here, as `espalier up` does (default: a scratch folder)")
    .option("--threads <n>", "threads of the arithmetic", wholeNumber(1, 1024), availableParallelism())
    .addOption(
      new Option("--provider <name>", "execution provider (default: the recipe's)").choices(["cpu", "webgpu", "cuda"]),
    )
    .option("--force", "go on where inputs or the plan differ: the result is another artefact", false)
    .option("--json", "print one JSON document", false);
}
