import { availableParallelism } from "node:os";
import { type TextProtocol, textProtocols } from "@espalier/contracts";
import { type Command, Option } from "commander";
import { nameList, wholeNumber } from "../commands/arguments.js";

export interface EvaluateFlags {
  readonly model: string;
  readonly against?: string;
  readonly tasks: string[];
  readonly taskLimit?: number;
  readonly addBos: boolean;
  readonly perplexity: string[];
  readonly protocol: TextProtocol;
  readonly sequenceLength: number;
  readonly windows?: number;
  readonly latency: boolean;
  readonly latencyTokens: number;
  readonly latencyRounds: number;
  readonly threads: number;
  readonly provider: "cpu" | "webgpu" | "cuda";
  readonly json: boolean;
}

const MOST = 1_000_000;

/** The flags of `espalier evaluate`. */
export function evaluateFlags(command: Command): Command {
  return command
    .requiredOption("--model <dir>", "model folder: a dense model, or an export of form native, uniform or padded")
    .option("--against <dir>", "another model to put beside it, such as the dense one it was cut from")
    .option(
      "--tasks <files>",
      "zero-shot task files (.jsonl) whose names tell the task, see docs/evaluation.md",
      nameList,
      [],
    )
    .option("--task-limit <n>", "items of each task file (default: all)", wholeNumber(1, MOST))
    .option("--add-bos", "BOS before every prompt (default: none, as in the LM evaluation harness)", false)
    .option("--perplexity <files>", "texts (.txt or .jsonl) to measure perplexity on", nameList, [])
    .addOption(new Option("--protocol <name>", "how texts become windows").choices(textProtocols).default("windows"))
    .option("--sequence-length <n>", "tokens per window", wholeNumber(2, 32_768), 128)
    .option("--windows <n>", "windows of each text (default: all)", wholeNumber(1, MOST))
    .option("--latency", "time a prompt, and find the peak of memory", false)
    .option("--latency-tokens <n>", "tokens of that prompt", wholeNumber(2, 32_768), 128)
    .option("--latency-rounds <n>", "timed runs of each model", wholeNumber(2, 100_000), 30)
    .option("--threads <n>", "threads of the arithmetic", wholeNumber(1, 1024), availableParallelism())
    .addOption(new Option("--provider <name>", "execution provider").choices(["cpu", "webgpu", "cuda"]).default("cpu"))
    .option("--json", "print one JSON document", false);
}
