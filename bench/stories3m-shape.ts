import type { DecoderShape } from "@espalier/contracts";

/** Shape of stories3M, so that benches of single steps need no model file. */
export const stories3MShape: DecoderShape = {
  hiddenSize: 192,
  headDim: 32,
  vocabSize: 4096,
  maxPositions: 512,
  ropeTheta: 10_000,
  rmsNormEps: 1e-5,
  tiedEmbeddings: true,
  layers: Array.from({ length: 6 }, () => ({ heads: 6, kvHeads: 2, intermediateSize: 512 })),
};
