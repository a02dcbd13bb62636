import {
  adapterGradientsProgram,
  type ExecutionProvider,
  type Feeds,
  type FinishedGraph,
  inputNames,
  openSession,
  outputNames,
  type QuietBlocks,
  type TensorData,
  weightFeeds,
} from "@espalier/graph";
import { sessionOptions } from "../../calibration/observe.js";
import { backwardRows, DEFAULT_MEMORY_BYTES, headChunkTokens } from "../../execution/memory.js";
import { packWindows, rowSums } from "../../execution/token-batch.js";
import type { RecoverableModel } from "../recovery.js";
import { type AdapterLayout, adapterInputs, adapterOf } from "./adapters.js";

/** Mean loss per token of a batch, in nats, and its gradient by every number of the adapters. */
export interface LossAndGradient {
  readonly loss: number;
  readonly gradient: Float64Array;
}

/** The backward session of a training. */
export interface AdapterGradients {
  measure(values: Float32Array, windows: readonly Int32Array[], signal?: AbortSignal): Promise<LossAndGradient>;
  close(): Promise<void>;
}

export interface AdapterGradientsInput {
  readonly model: RecoverableModel;
  readonly layout: AdapterLayout;
  readonly sequenceLength: number;
  /** Blocks whose change of the hidden states the gradients also make smaller. Default: none. */
  readonly quiet?: QuietBlocks | undefined;
  readonly provider?: ExecutionProvider | undefined;
  readonly threads?: number | undefined;
  readonly memoryBytes?: number | undefined;
}

/** Opens the backward graph of a model with adapters; its weights are fed as they are. */
export async function openAdapterGradients(input: AdapterGradientsInput): Promise<AdapterGradients> {
  const { model, layout, sequenceLength, memoryBytes = DEFAULT_MEMORY_BYTES } = input;
  const { shape } = model;
  const chunk = headChunkTokens(shape, sequenceLength);
  const graph = adapterGradientsProgram({
    shape,
    sequenceLength,
    adapters: adapterOf(layout),
    ...(input.quiet === undefined ? {} : { quiet: input.quiet }),
    ...(chunk === undefined ? {} : { headChunkTokens: chunk }),
  });
  const fixed = weightFeeds(graph, model.weights);
  const session = await openSession(graph, sessionOptions(input));
  // Half of what fits, whether memory ran out before or not: sums over other rows round differently, and a training that
  // was disturbed must give the numbers of one that was not.
  const rows = backwardRows(shape, sequenceLength, memoryBytes, true);
  const inputs = adapterInputs(layout);
  return {
    async measure(values, windows, signal) {
      const gradient = new Float64Array(layout.count);
      let loss = 0;
      const adapters = Object.fromEntries(
        inputs.map(({ name, from, to, dims }) => [name, { data: values.subarray(from, to), dims }] as const),
      );
      for (const batch of packWindows(windows, rows)) {
        signal?.throwIfAborted();
        const results = await session.run({ ...fixed, ...adapters, ...batch.feeds, ...rowWeights(graph, batch.rows) });
        const share = batch.rows / windows.length;
        const sums = rowSums(results[outputNames.tokenNll], batch.rows);
        loss += (sums.reduce((sum, row) => sum + row, 0) / batch.rows / (sequenceLength - 1)) * share;
        for (const { name, from } of inputs) {
          addScaled(gradient, from, results[outputNames.adapterGradient(name)], 1 / windows.length);
        }
      }
      return { loss, gradient };
    },
    close: () => session.release(),
  };
}

/** Every row of a batch alike, where a graph asks. */
function rowWeights(graph: FinishedGraph, rows: number): Feeds {
  const name = inputNames.rowWeights;
  const asked = graph.inputs.some((input) => input.name === name);
  return asked ? { [name]: { data: new Float32Array(rows).fill(1), dims: [rows] } } : {};
}

function addScaled(total: Float64Array, from: number, { data }: TensorData, factor: number): void {
  const values = data as Float32Array;
  for (let i = 0; i < values.length; i++) total[from + i] += factor * values[i];
}
