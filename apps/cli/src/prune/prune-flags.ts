import { availableParallelism } from "node:os";
import { type TextProtocol, textProtocols } from "@espalier/contracts";
import { type Command, Option } from "commander";
import { nameList, share, sparsityList, wholeNumber } from "../commands/arguments.js";
import { type HubName, hubName } from "../hub/hub-name.js";
import { type WeightedFile, weightedFiles } from "./weighted-file.js";

export interface PruneFlags {
  readonly model?: string;
  readonly hub?: HubName;
  readonly calibration: string;
  readonly scoring?: readonly WeightedFile[];
  readonly report?: string;
  readonly reportProtocol: TextProtocol;
  readonly sparsity: number[];
  readonly trials: number;
  readonly seed: number;
  readonly out: string;
  readonly preset: "espalier" | "adapruner";
  readonly layout: "free" | "uniform";
  readonly compensation: "search" | "none" | "bias" | "least_squares";
  readonly recovery: "none" | "least_squares" | "lora";
  readonly export: string[];
  readonly tasks?: string[];
  readonly taskLimit?: number;
  readonly samples?: number;
  readonly sequenceLength?: number;
  readonly maxWindows?: number;
  readonly roundTo: number;
  readonly metrics?: string[];
  readonly refinement?: number;
  readonly racing?: boolean;
  readonly parallelism: number;
  readonly baselines: boolean;
  readonly threads: number;
  readonly provider: string;
  readonly json: boolean;
}

const MAX_TRIALS = 1_000_000;
const MAX_SEED = 4_294_967_295;
const MAX_WINDOWS = 100_000;
const MAX_ITEMS = 1_000_000;

/** The flags of `espalier prune`; each has its counterpart in the job body. */
export function pruneFlags(command: Command): Command {
  return command
    .option("--model <dir>", "Hugging Face folder of the model")
    .option("--hub <owner/name[@revision]>", "model of a Hugging Face hub, downloaded and kept", hubName)
    .requiredOption("--calibration <file>", "text to compute statistics on (.txt or .jsonl)")
    .option(
      "--scoring <file[:weight]>",
      "text of the search's objective, may be given several times (default: more of the calibration text)",
      weightedFiles,
    )
    .option("--report <file>", "text that the search never sees (default: still more of it)")
    .addOption(
      new Option("--report-protocol <name>", "how the report text becomes windows")
        .choices(textProtocols)
        .default("windows"),
    )
    .requiredOption(
      "--sparsity <share>",
      "share of the prunable parameters to remove, or several: 0.2,0.5",
      sparsityList,
    )
    .option("--trials <n>", "trial budget", wholeNumber(1, MAX_TRIALS), 40)
    .option("--seed <n>", "the same seed gives the same result", wholeNumber(0, MAX_SEED), 0)
    .requiredOption("--out <dir>", "where the pruned model goes, a folder per export profile")
    .addOption(new Option("--preset <name>", "search space").choices(["espalier", "adapruner"]).default("espalier"))
    .addOption(new Option("--layout <name>", "widths per layer").choices(["free", "uniform"]).default("free"))
    .addOption(
      new Option("--compensation <name>", "closed-form repair inside every trial")
        .choices(["search", "none", "bias", "least_squares"])
        .default("search"),
    )
    .addOption(
      new Option("--recovery <name>", "repair of the found plan before export: lora trains adapters and merges them")
        .choices(["none", "least_squares", "lora"])
        .default("none"),
    )
    .option("--export <profiles>", "export profiles: native, uniform, padded, gguf, onnx", nameList, ["native"])
    .option(
      "--tasks <files>",
      "zero-shot task files (.jsonl) for the dense and the pruned model, see docs/evaluation.md",
      nameList,
    )
    .option("--task-limit <n>", "items of each task file (default: all)", wholeNumber(1, MAX_ITEMS))
    .option("--samples <n>", "calibration samples", wholeNumber(8, MAX_WINDOWS))
    .option("--sequence-length <n>", "tokens per window", wholeNumber(8, 32_768))
    .option(
      "--max-windows <n>",
      "at most this many windows of each scoring and report text",
      wholeNumber(1, MAX_WINDOWS),
    )
    .option("--round-to <n>", "MLP widths are multiples of this", wholeNumber(1, 1024), 1)
    .option("--refinement <share>", "share of the trials, at the end, that refine the best plan", share)
    .option("--racing", "stop trials that clearly lose to the best one (default with one sparsity)")
    .option("--no-racing", "score every trial on all scoring windows")
    .option("--metrics <names>", "importance metrics to mix", nameList)
    .option("--parallelism <n>", "trials running at once", wholeNumber(1, 256), 1)
    .option("--no-baselines", "skip the single-metric baselines")
    .option("--threads <n>", "threads of the arithmetic", wholeNumber(1, 1024), availableParallelism())
    .option("--provider <name>", "execution provider: cpu, webgpu or cuda", "cpu")
    .option("--json", "print one JSON document", false);
}
