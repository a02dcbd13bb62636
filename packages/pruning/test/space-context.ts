import type { DecoderShape } from "@espalier/contracts";
import type { SpaceContext } from "../src/space/index.js";

/** A made-up small decoder. */
export const shape: DecoderShape = {
  hiddenSize: 8,
  headDim: 2,
  vocabSize: 16,
  maxPositions: 16,
  ropeTheta: 10_000,
  rmsNormEps: 1e-5,
  tiedEmbeddings: true,
  layers: Array.from({ length: 3 }, () => ({ heads: 4, kvHeads: 2, intermediateSize: 20 })),
};

/** A job on it that leaves everything open. */
export const spaceContext: SpaceContext = {
  shape,
  metrics: ["taylor_second", "magnitude_l2", "wanda_sp"],
  compensation: "search",
  layout: "free",
  clusters: 8,
  samples: 64,
};
