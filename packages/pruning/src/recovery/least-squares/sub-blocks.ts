import {
  type ColumnProjection,
  inputNames,
  leadingBlocksProgram,
  openSession,
  outputNames,
  subBlockProgram,
  weightFeeds,
} from "@espalier/graph";
import { sessionOptions } from "../../calibration/observe.js";
import { DEFAULT_MEMORY_BYTES, forwardRows } from "../../execution/memory.js";
import { packWindows } from "../../execution/token-batch.js";
import type { RecoverableModel, RecoveryInput } from "../recovery.js";
import type { Lack } from "./refit.js";
import { resultOf, type StateWindows } from "./state-windows.js";

export type Running = Pick<RecoveryInput, "provider" | "threads" | "memoryBytes" | "signal">;

/** A sub-block of a model, and with which weights. */
export interface SubBlock {
  readonly model: RecoverableModel;
  readonly layer: number;
  readonly part: "attention" | "mlp";
}

export const outputProjection = (part: SubBlock["part"]): ColumnProjection =>
  part === "attention" ? "o_proj" : "down_proj";

/** Rows per run: half of what fits, whether memory ran out before or not, so that sums round alike. */
const rowsOf = ({ shape }: RecoverableModel, tokens: number, { memoryBytes = DEFAULT_MEMORY_BYTES }: Running): number =>
  forwardRows(shape, tokens, memoryBytes, true);

/** What the first sub-block reads: token embeddings, written into `states`. */
export async function embedInto(
  states: StateWindows,
  model: RecoverableModel,
  windows: readonly Int32Array[],
  running: Running,
): Promise<void> {
  const graph = leadingBlocksProgram({ shape: model.shape, sequenceLength: states.tokens, blocks: 0 });
  const session = await openSession(graph, sessionOptions(running));
  const weights = weightFeeds(graph, model.weights);
  try {
    for (const { start, feeds } of packWindows(windows, rowsOf(model, states.tokens, running))) {
      running.signal?.throwIfAborted();
      const results = await session.run({ ...weights, [inputNames.inputIds]: feeds[inputNames.inputIds] });
      states.write(start, resultOf(results, outputNames.hiddenStates));
    }
  } finally {
    await session.release();
  }
}

/** Puts the states behind a sub-block in place of those before it. */
export async function advance(states: StateWindows, block: SubBlock, running: Running): Promise<void> {
  const { model, layer, part } = block;
  const graph = subBlockProgram({ shape: model.shape, sequenceLength: states.tokens, layer, part });
  const session = await openSession(graph, sessionOptions(running));
  const weights = weightFeeds(graph, model.weights);
  try {
    for (const { start, count } of states.batches(rowsOf(model, states.tokens, running))) {
      running.signal?.throwIfAborted();
      const results = await session.run({ ...weights, [inputNames.hiddenStates]: states.read(start, count) });
      states.write(start, resultOf(results, outputNames.nextStates));
    }
  } finally {
    await session.release();
  }
}

/** What the outputs of a sub-block lack against target states, and the sum of their squares. */
export async function measureLack(
  states: StateWindows,
  targets: StateWindows,
  block: SubBlock,
  running: Running,
): Promise<Lack & { readonly squares: number }> {
  const { model, layer, part } = block;
  const { shape } = model;
  const { heads, intermediateSize } = shape.layers[layer];
  const inputs = part === "attention" ? heads * shape.headDim : intermediateSize;
  const outputs = shape.hiddenSize;
  const gram = new Float64Array(inputs * inputs);
  const cross = new Float64Array(outputs * inputs);
  const squares = new Float64Array(outputs);
  const graph = subBlockProgram({ shape, sequenceLength: states.tokens, layer, part, target: true });
  const session = await openSession(graph, sessionOptions(running));
  const fixed = weightFeeds(graph, model.weights);
  const gramName = outputNames.inputMoment(layer, outputProjection(part), "gram");
  try {
    for (const { start, count } of states.batches(rowsOf(model, states.tokens, running))) {
      running.signal?.throwIfAborted();
      const feeds = {
        [inputNames.hiddenStates]: states.read(start, count),
        [inputNames.targetStates]: targets.read(start, count),
      };
      const results = await session.run({ ...fixed, ...feeds });
      for (const [name, total] of [
        [gramName, gram],
        [outputNames.targetCross, cross],
        [outputNames.targetError, squares],
      ] as const) {
        const values = resultOf(results, name).data as Float32Array;
        for (let i = 0; i < total.length; i++) total[i] += values[i];
      }
    }
  } finally {
    await session.release();
  }
  return { outputs, inputs, gram, cross, squares: squares.reduce((sum, value) => sum + value, 0) };
}
