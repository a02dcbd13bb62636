/** What a trial would cost if it recomputed its gradients, as AdaPruner and LLM-Pruner do: the same decoder graph. */
import type { DecoderShape } from "@espalier/contracts";
import {
  inputNames,
  openSession,
  projectionNames,
  projectionWeight,
  weightFeeds,
  weightGradientsProgram,
} from "@espalier/graph";
import { cpuMilliseconds } from "./cpu-time.js";

/** Rows per run: more are no faster on the CPU provider. */
const ROWS = 8;

export interface GradientPass {
  /**
   * Forward and backward passes over the windows, all linear weights of the decoder blocks: CPU milliseconds until each of
   * the counts of windows (ascending) was reached. Squares of each sample's gradients, which second-order metrics need,
   * would come on top.
   */
  run(counts: readonly number[]): Promise<number[]>;
  close(): Promise<void>;
}

/** Opens the backward graph once; `windows` all of one length. */
export async function openGradientPass(
  shape: DecoderShape,
  weights: ReadonlyMap<string, Float32Array>,
  windows: readonly Int32Array[],
): Promise<GradientPass> {
  const tokens = windows[0].length;
  const names = shape.layers.flatMap((_, layer) => projectionNames.map((name) => projectionWeight(layer, name)));
  const graph = weightGradientsProgram({ shape, sequenceLength: tokens, weights: names });
  const session = await openSession(graph);
  const feeds = weightFeeds(graph, weights);
  const runBetween = async (first: number, end: number): Promise<void> => {
    for (let start = first; start < end; start += ROWS) {
      const batch = windows.slice(start, Math.min(start + ROWS, end));
      const ids = BigInt64Array.from(batch.flatMap((window) => Array.from(window, BigInt)));
      const even = new Float32Array(batch.length * (tokens - 1)).fill(1 / (tokens - 1));
      await session.run({
        ...feeds,
        [inputNames.inputIds]: { data: ids, dims: [batch.length, tokens] },
        [inputNames.tokenWeights]: { data: even, dims: [batch.length, tokens - 1] },
      });
    }
  };
  return {
    async run(counts) {
      const times: number[] = [];
      for (const [c, count] of counts.entries()) {
        const time = await cpuMilliseconds(() => runBetween(counts[c - 1] ?? 0, count));
        times.push((times[c - 1] ?? 0) + time);
      }
      return times;
    },
    close: () => session.release(),
  };
}
