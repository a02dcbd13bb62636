import { availableParallelism } from "node:os";
import { type DepthMethodName, depthMethodNames } from "@espalier/contracts";
import { type Command, Option } from "commander";
import { positiveNumber, wholeNumber } from "../commands/arguments.js";

export interface DepthFlags {
  readonly model: string;
  readonly calibration: string;
  readonly drop?: number;
  readonly method: DepthMethodName;
  readonly out: string;
  readonly samples: number;
  readonly windows: number;
  readonly sequenceLength: number;
  readonly scaleSteps: number;
  readonly shiftSteps: number;
  readonly scalePenalty: number;
  readonly changePenalty: number;
  readonly learningRate: number;
  readonly rank: number;
  readonly seed: number;
  readonly threads: number;
  readonly provider: "cpu" | "webgpu" | "cuda";
  readonly json: boolean;
}

const count = wholeNumber(1, 1_000_000);

/** The flags of `espalier depth`. */
export function depthFlags(command: Command): Command {
  return command
    .requiredOption("--model <dir>", "Hugging Face folder of the model")
    .requiredOption(
      "--calibration <file>",
      "text: its beginning trains, what follows scores, what follows that reports",
    )
    .requiredOption("--out <dir>", "folder to make: a plain model of fewer layers")
    .option("--drop <n>", "blocks to remove (default: a quarter of them)", count)
    .addOption(
      new Option("--method <name>", "whose model is written; all are measured")
        .choices([...depthMethodNames])
        .default("trsp"),
    )
    .option("--samples <n>", "windows that train", count, 512)
    .option("--windows <n>", "windows that score, and as many that report", count, 96)
    .option("--sequence-length <n>", "tokens of a window", wholeNumber(2, 1_000_000), 128)
    .option("--scale-steps <n>", "trsp: steps of learning what each block is worth", count, 60)
    .option("--shift-steps <n>", "trsp: steps of moving knowledge out of the blocks that leave", count, 300)
    .option("--scale-penalty <x>", "trsp: weight of the scales' absolute sum beside the loss", positiveNumber, 0.05)
    .option("--change-penalty <x>", "trsp: weight of what leaving blocks still change", positiveNumber, 5)
    .option("--learning-rate <x>", "trsp: rate of the adapters", positiveNumber, 0.003)
    .option("--rank <n>", "trsp: rank of the adapters", wholeNumber(1, 1024), 8)
    .option("--seed <n>", "seed of the training", wholeNumber(0, Number.MAX_SAFE_INTEGER), 0)
    .option("--threads <n>", "threads of the arithmetic", wholeNumber(1, 1024), availableParallelism())
    .addOption(new Option("--provider <name>", "execution provider").choices(["cpu", "webgpu", "cuda"]).default("cpu"))
    .option("--json", "print one JSON document", false);
}
