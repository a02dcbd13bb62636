import type { DecoderShape } from "@espalier/contracts";
import { totalParameters } from "../units/index.js";
import {
  backwardRowBytes,
  heldClusters,
  type MemoryPlan,
  type MemoryRequest,
  memoryNeed,
  planMemory,
  refuseBeyond,
  rowsPerRun,
  searchNeed,
  summedNumbers,
} from "./memory.js";

/** How statistics are computed: all blocks in one session, block by block, or the first where it fits. */
export type ProfileMode = "auto" | "whole" | "streamed";

/** How the profile step runs within a memory bound. */
export interface ProfilePlan extends MemoryPlan {
  readonly execution: "whole" | "streamed";
}

type Counted = Pick<MemoryRequest, "shape" | "sequenceLength" | "weightGradients">;

/**
 * Whole where that fits or is asked for, else block by block. The number of clusters follows from what a search can hold
 * and is the same for both. Throws AppError VALIDATION_FAILED with need and have where it does not fit.
 */
export function planProfile(request: MemoryRequest, mode: ProfileMode = "auto"): ProfilePlan {
  const { memoryBytes } = request;
  if (mode === "whole" || (mode === "auto" && memoryNeed(request) <= memoryBytes)) {
    return { execution: "whole", ...planMemory(request) };
  }
  refuseBeyond(memoryBytes, streamedNeed(request));
  const rows = Math.min(...stepsOf(request).map(({ fixed, row }) => Math.floor((memoryBytes - fixed) / row)));
  return { execution: "streamed", microBatch: rowsPerRun(rows, request.halfBatch), clusters: heldClusters(request) };
}

/** Bytes that the profile step needs block by block: one block, or the embeddings or the head where they are larger. */
export function streamedNeed(request: Counted): number {
  return Math.max(...stepsOf(request).map(({ fixed, row }) => fixed + row));
}

/** Bytes that a job needs at least: its profile in the given mode, and then its search, which holds the weights. */
export function jobNeed(request: Counted, mode: ProfileMode = "auto"): number {
  const whole = memoryNeed(request);
  const streamed = Math.max(streamedNeed(request), searchNeed(request));
  if (mode === "auto") return Math.min(whole, streamed);
  return mode === "whole" ? whole : streamed;
}

/** Throws AppError VALIDATION_FAILED with need and have where a job does not fit a bound. */
export function checkJobMemory(request: Counted & { readonly memoryBytes: number }, mode: ProfileMode = "auto"): void {
  refuseBeyond(request.memoryBytes, jobNeed(request, mode));
}

/** What one step holds: so much whatever runs, and so much for each row. */
interface Step {
  readonly fixed: number;
  readonly row: number;
}

const FLOAT32 = 4;
const FLOAT64 = 8;

/** Steps of a streamed profile; each gives its memory back before the next. */
function stepsOf({ shape, sequenceLength, weightGradients }: Counted): readonly Step[] {
  const states = FLOAT32 * sequenceLength * shape.hiddenSize;
  // Embeddings and head: what all parameters are without blocks, the larger one of two at a time.
  const ends = { ...shape, layers: [] };
  const matrix = FLOAT32 * totalParameters({ ...ends, tiedEmbeddings: true });
  const head = { fixed: matrix, row: backwardRowBytes(ends, sequenceLength) + 4 * states };
  const blocks = shape.layers.map((layer): Step => {
    const block: DecoderShape = { ...shape, vocabSize: 0, layers: [layer] };
    const summed = summedNumbers(block, weightGradients);
    // Weights, sums in float64, and what a run gives back to be added to them.
    const fixed = FLOAT32 * totalParameters(block) + (FLOAT64 + FLOAT32) * summed;
    return { fixed, row: backwardRowBytes(block, sequenceLength) + 4 * states };
  });
  return [head, ...blocks];
}
