import { inputNames, outputNames, type TensorData } from "@espalier/graph";
import type { Candidate } from "../scoring/candidate.js";
import type { ForwardPool } from "../scoring/forward-pool.js";
import type { EncodedChoice } from "./encode-choice.js";

/** What a model makes of one continuation. */
export interface ChoiceScore {
  /** Σ log p of the continuation's tokens, natural log. */
  readonly logLikelihood: number;
  /** Greedy decoding would give the continuation: each of its tokens is the likeliest. */
  readonly greedy: boolean;
}

/** How a run is watched and stopped. */
export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** Choices done so far. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** Lengths of sessions: rows are padded by a third at most, and a model has few sessions open. */
const LENGTHS = [16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096];

/**
 * Scores continuations, batched in rows of similar length that are padded on the right: attention is causal, so padding
 * changes no number before it. The pool must be `ranked`, and know one position more than the model (see `encodeChoice`).
 * Results are in the order of the choices; a log-likelihood may be −Infinity or NaN for a broken model.
 */
export async function runChoices(
  pool: ForwardPool,
  candidate: Candidate,
  choices: readonly EncodedChoice[],
  { signal, onProgress }: RunOptions = {},
): Promise<ChoiceScore[]> {
  const scores = new Array<ChoiceScore>(choices.length);
  const buffers = pool.buffers.take();
  let done = 0;
  try {
    for (const [length, places] of byLength(choices, pool.shape.maxPositions)) {
      const { session, rows, feeds } = await pool.session(length);
      const fixed = feeds(candidate, buffers);
      for (let from = 0; from < places.length; from += rows) {
        signal?.throwIfAborted();
        const batch = places.slice(from, from + rows);
        const padded = paddedRows(
          batch.map((place) => choices[place]),
          length,
        );
        const results = await session.run({ ...fixed, ...padded }, [outputNames.tokenNll, outputNames.bestNll]);
        const [nll, best] = [numbersOf(results[outputNames.tokenNll]), numbersOf(results[outputNames.bestNll])];
        batch.forEach((place, row) => {
          scores[place] = scoreOf(choices[place], nll, best, row * (length - 1));
        });
        done += batch.length;
        onProgress?.(done);
      }
    }
  } finally {
    pool.buffers.give(buffers);
  }
  return scores;
}

/** Places of the choices by the length of the session that takes them, longest first: memory shows early whether it suffices. */
function byLength(choices: readonly EncodedChoice[], most: number): readonly (readonly [number, readonly number[]])[] {
  const places = new Map<number, number[]>();
  choices.forEach(({ ids }, place) => {
    const length = Math.min(most, LENGTHS.find((one) => one >= ids.length) ?? most);
    const same = places.get(length);
    if (same === undefined) places.set(length, [place]);
    else same.push(place);
  });
  return [...places].sort(([a], [b]) => b - a);
}

function paddedRows(rows: readonly EncodedChoice[], length: number): Record<string, TensorData> {
  const ids = new BigInt64Array(rows.length * length);
  const weights = new Float32Array(rows.length * (length - 1));
  rows.forEach((row, r) => {
    row.ids.forEach((id, t) => {
      ids[r * length + t] = BigInt(id);
    });
    weights.fill(1, r * (length - 1) + row.start - 1, r * (length - 1) + row.ids.length - 1);
  });
  return {
    [inputNames.inputIds]: { data: ids, dims: [rows.length, length] },
    [inputNames.tokenWeights]: { data: weights, dims: [rows.length, length - 1] },
  };
}

const numbersOf = ({ data }: TensorData): Float32Array => data as Float32Array;

function scoreOf({ ids, start }: EncodedChoice, nll: Float32Array, best: Float32Array, offset: number): ChoiceScore {
  let logLikelihood = 0;
  let greedy = true;
  for (let t = start - 1; t < ids.length - 1; t++) {
    logLikelihood -= nll[offset + t];
    greedy &&= nll[offset + t] <= best[offset + t];
  }
  return { logLikelihood, greedy };
}
