import type { GraphSession, Results } from "@espalier/graph";
import { outputNames } from "@espalier/graph";
import { packWindows, rowSums } from "../execution/token-batch.js";
import type { StatisticTensor } from "./tensors.js";

/** Statistics of some samples: one row per sample, and sums over them all. */
export interface StatisticsPart {
  /** Mean NLL per sample. */
  readonly nll: Float64Array;
  /** [samples, …] per name. */
  readonly perSample: ReadonlyMap<string, Float32Array>;
  /** Sums over the samples per name; float64 across micro-batches. */
  readonly summed: ReadonlyMap<string, Float64Array>;
}

export interface AccumulateOptions {
  readonly session: GraphSession;
  readonly weights: Parameters<GraphSession["run"]>[0];
  readonly windows: readonly Int32Array[];
  readonly microBatch: number;
  readonly perSample: readonly StatisticTensor[];
  readonly summed: readonly StatisticTensor[];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number) => void) | undefined;
  /** Sees the raw results of each run, before the next one. */
  readonly onBatch?: ((results: Results, start: number) => Promise<void>) | undefined;
}

/** Runs the statistics program over windows of one length; the signal is looked at between micro-batches. */
export async function accumulateStatistics(options: AccumulateOptions): Promise<StatisticsPart> {
  const { session, windows } = options;
  const count = windows.length;
  const size = (tensor: StatisticTensor): number => tensor.dims.reduce((product, dim) => product * dim, 1);
  const nll = new Float64Array(count);
  const perSample = new Map(options.perSample.map((t) => [t.name, new Float32Array(count * size(t))]));
  const summed = new Map(options.summed.map((t) => [t.name, new Float64Array(size(t))]));
  const predictions = windows[0].length - 1;
  for (const batch of packWindows(windows, options.microBatch)) {
    options.signal?.throwIfAborted();
    const results = await session.run({ ...options.weights, ...batch.feeds });
    rowSums(results[outputNames.tokenNll], batch.rows).forEach((sum, row) => {
      nll[batch.start + row] = sum / predictions;
    });
    for (const { name, dims } of options.perSample) {
      perSample.get(name)?.set(results[name].data as Float32Array, batch.start * dims[0]);
    }
    for (const [name, total] of summed) addInto(total, results[name].data as Float32Array);
    await options.onBatch?.(results, batch.start);
    options.onProgress?.(batch.start + batch.rows);
  }
  return { nll, perSample, summed };
}

function addInto(total: Float64Array, values: Float32Array): void {
  if (values.length !== total.length) throw new RangeError(`${values.length} numbers added to ${total.length}`);
  for (let i = 0; i < total.length; i++) total[i] += values[i];
}
