import { Command } from "commander";
import { type EvaluateFlags, evaluateFlags } from "../evaluate/evaluate-flags.js";
import { evaluateText } from "../evaluate/evaluate-text.js";
import { runEvaluate } from "../evaluate/run-evaluate.js";
import { printJson } from "../output/json.js";

/** `espalier evaluate --model DIR --tasks boolq.jsonl,piqa.jsonl` */
export function evaluateCommand(): Command {
  return evaluateFlags(new Command("evaluate"))
    .description("measure a model folder without a service: zero-shot tasks, perplexity, latency and memory")
    .action(async (flags: EvaluateFlags) => {
      const outcome = await runEvaluate(flags);
      if (flags.json) return printJson(outcome);
      process.stdout.write(`${evaluateText(outcome)}\n`);
      return undefined;
    });
}
