import type { Feeds, GraphSession, Results } from "@espalier/graph";
import { outputNames } from "@espalier/graph";
import { packWindows, rowSums } from "../execution/token-batch.js";
import type { StatisticTensor } from "./tensors.js";

/** Statistics of some samples: one row per sample, and sums over them all. */
export interface StatisticsSums {
  /** [samples, …] per name. */
  readonly perSample: ReadonlyMap<string, Float32Array>;
  /** Sums over the samples per name; float64 across micro-batches. */
  readonly summed: ReadonlyMap<string, Float64Array>;
}

/** The same with the samples' losses. */
export interface StatisticsPart extends StatisticsSums {
  /** Mean NLL per sample. */
  readonly nll: Float64Array;
}

/** Some of the samples, as a graph reads them. */
export interface FedBatch {
  /** Place of the first one among all samples. */
  readonly start: number;
  readonly rows: number;
  readonly feeds: Feeds;
}

interface Accumulation {
  readonly session: GraphSession;
  readonly weights: Feeds;
  readonly perSample: readonly StatisticTensor[];
  readonly summed: readonly StatisticTensor[];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number) => void) | undefined;
  /** Sees the raw results of each run, before the next one. */
  readonly onBatch?: ((results: Results, batch: FedBatch) => Promise<void>) | undefined;
}

export interface AccumulateOptions extends Accumulation {
  /** Samples of all batches together. */
  readonly count: number;
  readonly batches: Iterable<FedBatch> | AsyncIterable<FedBatch>;
}

/** Runs a program of statistics over batches; the signal is looked at between them. */
export async function accumulateStatistics(options: AccumulateOptions): Promise<StatisticsSums> {
  const { session, count } = options;
  const size = (tensor: StatisticTensor): number => tensor.dims.reduce((product, dim) => product * dim, 1);
  const perSample = new Map(options.perSample.map((t) => [t.name, new Float32Array(count * size(t))]));
  const summed = new Map(options.summed.map((t) => [t.name, new Float64Array(size(t))]));
  for await (const batch of options.batches) {
    options.signal?.throwIfAborted();
    const results = await session.run({ ...options.weights, ...batch.feeds });
    for (const { name, dims } of options.perSample) {
      perSample.get(name)?.set(results[name].data as Float32Array, batch.start * dims[0]);
    }
    for (const [name, total] of summed) addInto(total, results[name].data as Float32Array);
    await options.onBatch?.(results, batch);
    options.onProgress?.(batch.start + batch.rows);
  }
  return { perSample, summed };
}

export interface AccumulateWindowsOptions extends Accumulation {
  readonly windows: readonly Int32Array[];
  readonly microBatch: number;
}

/** Runs the program `statistics` over windows of one length. */
export async function accumulateWindows(options: AccumulateWindowsOptions): Promise<StatisticsPart> {
  const { windows } = options;
  const nll = new Float64Array(windows.length);
  const sums = await accumulateStatistics({
    ...options,
    count: windows.length,
    batches: packWindows(windows, options.microBatch),
    onBatch: async (results, batch) => {
      rowSums(results[outputNames.tokenNll], batch.rows).forEach((sum, row) => {
        nll[batch.start + row] = sum / (windows[0].length - 1);
      });
      await options.onBatch?.(results, batch);
    },
  });
  return { nll, ...sums };
}

function addInto(total: Float64Array, values: Float32Array): void {
  if (values.length !== total.length) throw new RangeError(`${values.length} numbers added to ${total.length}`);
  for (let i = 0; i < total.length; i++) total[i] += values[i];
}
