import type { ExecutionProvider } from "@espalier/graph";
import { loadTokenizer, type ModelFolder, openModel, readWeights } from "@espalier/model";
import { openTextWriter } from "./text-writer.js";

export interface GenerateTextInput {
  /** Model folder, absolute. */
  readonly modelPath: string;
  readonly prompt: string;
  /** At most this many new tokens; the end-of-text token ends earlier. */
  readonly tokens: number;
  readonly provider?: ExecutionProvider;
  readonly threads?: number;
}

/** Greedy continuation of a prompt, prompt included. Throws RangeError for a prompt that leaves no room. */
export async function generateText(input: GenerateTextInput): Promise<string> {
  const model = await openModel(input.modelPath);
  const tokenizer = await loadTokenizer(model.path);
  return tokenizer.decode(await greedyTokens(model, tokenizer.encode(input.prompt, { bos: true }), input));
}

/** The same in tokens, those of the prompt included. */
export async function greedyTokens(
  model: ModelFolder,
  prompt: Iterable<number>,
  { tokens, ...running }: Pick<GenerateTextInput, "tokens" | "provider" | "threads">,
): Promise<readonly number[]> {
  const { shape, eosTokenIds } = model.config;
  const ids = [...prompt];
  const length = Math.min(shape.maxPositions, ids.length + tokens);
  const writer = await openTextWriter({ ...running, shape, eosTokenIds, length, weights: await readWeights(model) });
  try {
    const [text = ids] = await writer.write([ids]);
    return text;
  } finally {
    await writer.close();
  }
}
