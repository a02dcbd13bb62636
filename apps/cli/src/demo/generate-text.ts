import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const TOKENS = 60;

/** Greedy continuation of `prompt` by the model in `modelDir`, from a process of its own. */
export async function generateText(modelDir: string, prompt: string): Promise<string> {
  const entry = fileURLToPath(import.meta.resolve("@espalier/worker/sample"));
  const flags = ["--model", modelDir, "--prompt", prompt, "--tokens", String(TOKENS)];
  const { stdout } = await promisify(execFile)(process.execPath, [entry, ...flags]);
  return stdout.trim();
}
