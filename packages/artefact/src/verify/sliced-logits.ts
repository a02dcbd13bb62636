import {
  type ExecutionProvider,
  inputNames,
  logitsProgram,
  openSession,
  outputNames,
  weightFeeds,
} from "@espalier/graph";
import { decoderWeights } from "../slice/decoder-weights.js";
import type { SlicedModel } from "../slice/sliced-model.js";

/** Logits of a sliced model after each token of one sequence, in its order. */
export async function slicedLogits(
  { shape, tensors }: SlicedModel,
  ids: readonly number[],
  options: { readonly provider?: ExecutionProvider; readonly threads?: number } = {},
): Promise<readonly Float32Array[]> {
  const graph = logitsProgram({ shape, sequenceLength: ids.length, gates: false });
  const session = await openSession(graph, options);
  try {
    const results = await session.run({
      ...weightFeeds(graph, decoderWeights({ tensors })),
      [inputNames.inputIds]: { data: BigInt64Array.from(ids, BigInt), dims: [1, ids.length] },
    });
    const logits = results[outputNames.logits]?.data;
    if (!(logits instanceof Float32Array)) throw new RangeError(`the logits program gave no '${outputNames.logits}'`);
    const { vocabSize } = shape;
    return ids.map((_, at) => logits.subarray(at * vocabSize, (at + 1) * vocabSize));
  } finally {
    await session.release();
  }
}
