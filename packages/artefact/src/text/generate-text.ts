import {
  type ExecutionProvider,
  inputNames,
  logitsProgram,
  openSession,
  outputNames,
  type TensorArray,
  weightFeeds,
} from "@espalier/graph";
import { loadTokenizer, type ModelFolder, openModel, readWeights } from "@espalier/model";

export interface GenerateTextInput {
  /** Model folder, absolute. */
  readonly modelPath: string;
  readonly prompt: string;
  /** At most this many new tokens; the end-of-text token ends earlier. */
  readonly tokens: number;
  readonly provider?: ExecutionProvider;
  readonly threads?: number;
}

/**
 * Greedy continuation of a prompt, prompt included. Without a key-value cache: every token runs the whole window, which
 * is quick enough for a sample of a small model. Throws RangeError for a prompt that leaves no room.
 */
export async function generateText(input: GenerateTextInput): Promise<string> {
  const model = await openModel(input.modelPath);
  const tokenizer = await loadTokenizer(model.path);
  return tokenizer.decode(await greedyTokens(model, tokenizer.encode(input.prompt, { bos: true }), input));
}

/** The same in tokens, those of the prompt included. */
export async function greedyTokens(
  model: ModelFolder,
  prompt: Iterable<number>,
  input: Pick<GenerateTextInput, "tokens" | "provider" | "threads">,
): Promise<readonly number[]> {
  const { shape, eosTokenIds } = model.config;
  const ids = [...prompt];
  const length = Math.min(shape.maxPositions, ids.length + input.tokens);
  if (ids.length === 0 || ids.length >= length) {
    throw new RangeError(`a prompt of ${ids.length} tokens leaves no room in ${shape.maxPositions} positions`);
  }
  const graph = logitsProgram({ shape, sequenceLength: length, gates: false, positions: "one" });
  const weights = await readWeights(model);
  const fixed = weightFeeds(graph, weights);
  const { provider = "cpu", threads = 1 } = input;
  const session = await openSession(graph, { provider, threads });
  try {
    const window = new BigInt64Array(length);
    window.set(ids.map(BigInt));
    while (ids.length < length) {
      const results = await session.run({
        ...fixed,
        [inputNames.inputIds]: { data: window, dims: [1, length] },
        [inputNames.position]: { data: BigInt64Array.of(BigInt(ids.length - 1)), dims: [1] },
      });
      const logits = results[outputNames.logits];
      if (logits === undefined) throw new RangeError(`the logits program gave no '${outputNames.logits}'`);
      const next = argmax(logits.data);
      if (eosTokenIds.includes(next)) break;
      window[ids.length] = BigInt(next);
      ids.push(next);
    }
  } finally {
    await session.release();
  }
  return ids;
}

/** Index of the largest number; the first of equals, so that text repeats. */
function argmax(values: TensorArray): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
