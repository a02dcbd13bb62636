import type { DepthMethodName } from "@espalier/contracts";
import { blockSimilarity } from "./block-similarity.js";
import type { DepthMethod } from "./depth-method.js";
import { lastBlocks } from "./last-blocks.js";
import { trsp } from "./trsp/trsp.js";

/** Every depth method; a name without an entry does not compile. */
export const depthMethods: Readonly<Record<DepthMethodName, DepthMethod>> = {
  last: lastBlocks,
  similarity: blockSimilarity,
  trsp,
};
