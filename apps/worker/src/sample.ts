import { parseArgs } from "node:util";
import { generateText } from "@espalier/artefact";
import { AppError } from "@espalier/contracts";

/** `node sample.js --model DIR --prompt TEXT [--tokens N] [--threads N]`: prints a greedy continuation, prompt included. */

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    prompt: { type: "string" },
    tokens: { type: "string", default: "60" },
    threads: { type: "string", default: "1" },
  },
});
const tokens = Number(values.tokens);
const threads = Number(values.threads);
const isCount = (n: number): boolean => Number.isSafeInteger(n) && n > 0;

if (values.model === undefined || values.prompt === undefined || !isCount(tokens) || !isCount(threads)) {
  process.stderr.write("Usage: sample --model DIR --prompt TEXT [--tokens N] [--threads N]\n");
  process.exitCode = 2;
} else {
  try {
    const text = await generateText({ modelPath: values.model, prompt: values.prompt, tokens, threads });
    process.stdout.write(`${text}\n`);
  } catch (error) {
    const known = error instanceof AppError || error instanceof RangeError;
    process.stderr.write(`${known ? error.message : (error as Error).stack}\n`);
    process.exitCode = known ? 2 : 1;
  }
}
