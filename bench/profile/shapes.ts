import type { DecoderShape } from "@espalier/contracts";
import { stories3MShape } from "../stories3m-shape.js";

const llama = (
  hiddenSize: number,
  layers: number,
  heads: number,
  kvHeads: number,
  intermediateSize: number,
  vocabSize = 32_000,
): DecoderShape => ({
  hiddenSize,
  headDim: hiddenSize / heads,
  vocabSize,
  maxPositions: 4096,
  ropeTheta: 10_000,
  rmsNormEps: 1e-5,
  tiedEmbeddings: false,
  layers: Array.from({ length: layers }, () => ({ heads, kvHeads, intermediateSize })),
});

/** Models that the step is measured with, and the 7B that it is counted for (Llama 2). */
export const shapes = {
  stories3M: stories3MShape,
  "0.3B": llama(1024, 20, 16, 4, 2816),
  "1B": llama(2048, 20, 32, 8, 5632),
  "3B": llama(3072, 26, 24, 8, 8192),
  "7B": llama(4096, 32, 32, 32, 11_008),
} as const satisfies Readonly<Record<string, DecoderShape>>;
export type ModelName = keyof typeof shapes;
