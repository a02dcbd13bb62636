import { cacheNames, inputNames, type ModelFile, openModelFile, outputNames, type TensorData } from "@espalier/graph";
import type { MeasureInput } from "../profiles/profile.js";

/** NLL sum (nats) of each window under a model file with an empty cache, one window after another. */
export async function fileLosses(
  path: string,
  { windows, provider, threads, signal }: MeasureInput,
): Promise<Float64Array> {
  const file = await openModelFile(path, {
    ...(provider === undefined ? {} : { provider }),
    ...(threads === undefined ? {} : { threads }),
  });
  try {
    const empty = emptyCache(file);
    const losses = new Float64Array(windows.length);
    for (const [i, window] of windows.entries()) {
      signal?.throwIfAborted();
      const results = await file.run({ ...empty, ...tokens(window) }, [outputNames.logits]);
      losses[i] = windowLoss(window, results[outputNames.logits]);
    }
    return losses;
  } finally {
    await file.release();
  }
}

/** Caches of no positions, for one row, as the file wants them. */
function emptyCache({ inputs }: ModelFile): Readonly<Record<string, TensorData>> {
  const caches = inputs.filter(({ name }) => name.startsWith(cacheNames.pastPrefix));
  return Object.fromEntries(
    caches.map(({ name, type, shape: [, kvHeads, , headDim] }) => {
      const data = type === "float16" ? new Uint16Array() : new Float32Array();
      return [name, { data, dims: [1, Number(kvHeads), 0, Number(headDim)] }];
    }),
  );
}

/** Feeds of one row of text from its beginning. */
function tokens(ids: Int32Array): Readonly<Record<string, TensorData>> {
  const row = (of: (at: number) => number): TensorData => ({
    data: BigInt64Array.from(ids, (_, at) => BigInt(of(at))),
    dims: [1, ids.length],
  });
  return {
    [inputNames.inputIds]: row((at) => ids[at]),
    [cacheNames.attentionMask]: row(() => 1),
    [cacheNames.positionIds]: row((at) => at),
    [cacheNames.logitsToKeep]: { data: BigInt64Array.of(0n), dims: [] },
  };
}

/** −Σ log p(next token), in float64, from logits [1, T, V]. */
function windowLoss(ids: Int32Array, logits: TensorData | undefined): number {
  if (!(logits?.data instanceof Float32Array)) throw new RangeError(`the file gave no float32 '${outputNames.logits}'`);
  const width = logits.data.length / ids.length;
  let sum = 0;
  for (let at = 0; at + 1 < ids.length; at++) {
    const row = logits.data.subarray(at * width, (at + 1) * width);
    sum += logSumExp(row) - row[ids[at + 1]];
  }
  return sum;
}

function logSumExp(row: Float32Array): number {
  let top = row[0];
  for (const logit of row) if (logit > top) top = logit;
  let sum = 0;
  for (const logit of row) sum += Math.exp(logit - top);
  return top + Math.log(sum);
}
