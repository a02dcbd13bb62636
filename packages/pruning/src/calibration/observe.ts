import type { DecoderShape } from "@espalier/contracts";
import {
  type ExecutionProvider,
  inputNames,
  observeProgram,
  openSession,
  outputNames,
  type Results,
  type SimilarityPart,
  weightFeeds,
} from "@espalier/graph";
import { headChunkTokens } from "../execution/memory.js";
import { packWindows, rowSums } from "../execution/token-batch.js";

/** What one forward pass tells of every calibration sample. */
export interface Observations {
  /** Mean NLL of each sample, [N]. */
  readonly nll: Float64Array;
  /** Mean final hidden state of each sample, [N, dimension]. */
  readonly embeddings: Float64Array;
  readonly dimension: number;
  /** Mean over tokens of cos(input, output), per part [N, layers]; NaN where a layer lacks the sub-block. */
  readonly similarities: Readonly<Record<SimilarityPart, Float64Array>>;
}

export const similarityParts = ["attention", "mlp", "block"] as const satisfies readonly SimilarityPart[];

export interface ObserveOptions {
  readonly shape: DecoderShape;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly windows: readonly Int32Array[];
  readonly microBatch: number;
  readonly provider?: ExecutionProvider | undefined;
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** Room for what is found of so many samples. */
export function emptyObservations(shape: DecoderShape, samples: number): Observations {
  const layers = shape.layers.length;
  return {
    nll: new Float64Array(samples),
    embeddings: new Float64Array(samples * shape.hiddenSize),
    dimension: shape.hiddenSize,
    similarities: {
      attention: new Float64Array(samples * layers).fill(Number.NaN),
      mlp: new Float64Array(samples * layers).fill(Number.NaN),
      block: new Float64Array(samples * layers).fill(Number.NaN),
    },
  };
}

/** Runs the dense model once over the windows (all of one length). The signal is looked at between micro-batches. */
export async function observe(options: ObserveOptions): Promise<Observations> {
  const { shape, windows } = options;
  const observations = emptyObservations(shape, windows.length);
  const sequenceLength = windows[0].length;
  const chunk = headChunkTokens(shape, sequenceLength);
  const graph = observeProgram({ shape, sequenceLength, ...(chunk === undefined ? {} : { headChunkTokens: chunk }) });
  const session = await openSession(graph, sessionOptions(options));
  try {
    const weights = weightFeeds(graph, options.weights);
    for (const batch of packWindows(windows, options.microBatch)) {
      options.signal?.throwIfAborted();
      const ids = batch.feeds[inputNames.inputIds];
      const results = await session.run({ ...weights, [inputNames.inputIds]: ids });
      collectEnds(observations, results, batch.start, batch.rows, sequenceLength - 1);
      collectSimilarities(observations, results, batch.start, batch.rows);
      options.onProgress?.(batch.start + batch.rows);
    }
  } finally {
    await session.release();
  }
  return observations;
}

/** Session settings without the keys that were not given. */
export function sessionOptions(options: {
  readonly provider?: ExecutionProvider | undefined;
  readonly threads?: number | undefined;
}): { provider?: ExecutionProvider; threads?: number } {
  return {
    ...(options.provider === undefined ? {} : { provider: options.provider }),
    ...(options.threads === undefined ? {} : { threads: options.threads }),
  };
}

/** Losses and embeddings of some samples. */
export function collectEnds(
  into: Observations,
  results: Results,
  start: number,
  rows: number,
  predictions: number,
): void {
  const sums = rowSums(results[outputNames.tokenNll], rows);
  for (let row = 0; row < rows; row++) into.nll[start + row] = sums[row] / predictions;
  into.embeddings.set(results[outputNames.embedding].data as Float32Array, start * into.dimension);
}

/** Similarities of some samples and of those layers that a run tells of. */
export function collectSimilarities(into: Observations, results: Results, start: number, rows: number): void {
  for (const part of similarityParts) {
    const layers = into.similarities[part].length / into.nll.length;
    for (let layer = 0; layer < layers; layer++) {
      const result = results[outputNames.similarity(layer, part)];
      if (result === undefined) continue; // a layer without that sub-block, or of another run
      for (let row = 0; row < rows; row++) {
        into.similarities[part][(start + row) * layers + layer] = result.data[row] as number;
      }
    }
  }
}
