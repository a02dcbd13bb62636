import type { DecoderShape } from "@espalier/contracts";
import {
  type ExecutionProvider,
  inputNames,
  logitsProgram,
  openSession,
  outputNames,
  type TensorArray,
  weightFeeds,
} from "@espalier/graph";

export interface TextWriterInput {
  readonly shape: DecoderShape;
  /** As a decoder reads them. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** Any of them ends a text. */
  readonly eosTokenIds: readonly number[];
  /** Tokens of a whole text, prompt included: at most the positions of the model. */
  readonly length: number;
  readonly provider?: ExecutionProvider;
  readonly threads?: number;
}

/** A model that goes on with texts. */
export interface TextWriter {
  /**
   * Each prompt and the likeliest tokens after it, of equal ones the lowest id, up to the end-of-text token or the length.
   * Prompts of one call are run together. Throws RangeError for a prompt that leaves no room; rejects with the signal's
   * reason between tokens.
   */
  write(prompts: readonly (readonly number[])[], signal?: AbortSignal): Promise<readonly (readonly number[])[]>;
  close(): Promise<void>;
}

/** Opens a writer. It has no key-value cache: every token runs whole texts, which is quick enough for samples. */
export async function openTextWriter(input: TextWriterInput): Promise<TextWriter> {
  const { shape, weights, eosTokenIds, length, provider = "cpu", threads = 1 } = input;
  const graph = logitsProgram({ shape, sequenceLength: length, gates: false, positions: "one" });
  const fixed = weightFeeds(graph, weights);
  const session = await openSession(graph, { provider, threads });

  /** The likeliest token after each text. */
  async function nextTokens(texts: readonly (readonly number[])[]): Promise<readonly number[]> {
    const window = new BigInt64Array(texts.length * length);
    for (const [row, ids] of texts.entries()) window.set(ids.map(BigInt), row * length);
    const results = await session.run({
      ...fixed,
      [inputNames.inputIds]: { data: window, dims: [texts.length, length] },
      [inputNames.position]: { data: BigInt64Array.from(texts, (ids) => BigInt(ids.length - 1)), dims: [texts.length] },
    });
    const logits = results[outputNames.logits]?.data;
    if (logits === undefined) throw new RangeError(`the logits program gave no '${outputNames.logits}'`);
    const { vocabSize } = shape;
    return texts.map((_, row) => argmax(logits.subarray(row * vocabSize, (row + 1) * vocabSize)));
  }

  return {
    write: async (prompts, signal) => {
      for (const { length: tokens } of prompts) {
        if (tokens > 0 && tokens < length) continue;
        throw new RangeError(`a prompt of ${tokens} tokens leaves no room in ${length} positions`);
      }
      const texts = prompts.map((prompt) => [...prompt]);
      let open = texts;
      while (open.length > 0) {
        signal?.throwIfAborted();
        const next = await nextTokens(open);
        open = open.filter((ids, row) => {
          if (eosTokenIds.includes(next[row])) return false;
          return ids.push(next[row]) < length;
        });
      }
      return texts;
    },
    close: () => session.release(),
  };
}

/** Index of the largest number; the first of equals, so that text repeats. */
function argmax(values: TensorArray): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
