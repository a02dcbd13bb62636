import { AppError, type DecoderShape } from "@espalier/contracts";
import { prunableParameters, totalParameters } from "../units/index.js";

/** Default bound on the numbers held in memory: 4 GiB. */
export const DEFAULT_MEMORY_BYTES = 4 * 1024 ** 3;

/** More rows per run do not run faster (measured on onnxruntime's CPU provider: 8 is no faster than 4). */
const MAX_MICRO_BATCH = 8;

/** Logits of one row that may exist at once before the head is computed in chunks: 64 MiB of float32. */
const HEAD_BYTES = 64 * 1024 ** 2;

/** Share of what the weights leave of the memory that hidden states kept between trials may take. */
const LEADING_STATES_SHARE = 1 / 4;

const FLOAT32 = 4;
const FLOAT64 = 8;

/** Positions per row whose logits may exist at the same time; undefined when all of them may. */
export function headChunkTokens(shape: DecoderShape, sequenceLength: number): number | undefined {
  const tokens = Math.max(1, Math.floor(HEAD_BYTES / (shape.vocabSize * FLOAT32)));
  return tokens >= sequenceLength ? undefined : tokens;
}

/** Estimated peak of one row of a forward pass, in bytes: the widest block, the residual stream and the logits. */
function forwardRowBytes(shape: DecoderShape, sequenceLength: number): number {
  const widest = Math.max(0, ...shape.layers.map((layer) => blockNumbers(shape, layer, sequenceLength)));
  const logits = 3 * (headChunkTokens(shape, sequenceLength) ?? sequenceLength) * shape.vocabSize;
  return FLOAT32 * (widest + logits + 4 * sequenceLength * shape.hiddenSize);
}

/** Estimated peak of one row of a forward and backward pass: every block is kept, one layer's weight gradients exist. */
export function backwardRowBytes(shape: DecoderShape, sequenceLength: number): number {
  const blocks = shape.layers.reduce((sum, layer) => sum + blockNumbers(shape, layer, sequenceLength), 0);
  const logits = 4 * (headChunkTokens(shape, sequenceLength) ?? sequenceLength) * shape.vocabSize;
  const gradients = Math.max(
    0,
    ...shape.layers.map(
      (layer) => 3 * shape.hiddenSize * Math.max(layer.heads * shape.headDim, layer.intermediateSize),
    ),
  );
  return FLOAT32 * (2 * blocks + logits + gradients);
}

/** Numbers of one block's activations for one row. */
function blockNumbers(shape: DecoderShape, layer: DecoderShape["layers"][number], sequenceLength: number): number {
  const attention = layer.heads * (4 * shape.headDim + 2 * sequenceLength) + 2 * layer.kvHeads * shape.headDim;
  return sequenceLength * (6 * shape.hiddenSize + attention + 4 * layer.intermediateSize);
}

/** How the profile step fits a memory bound. */
export interface MemoryPlan {
  /** Rows per run. */
  readonly microBatch: number;
  /** Calibration clusters whose weight gradients are kept. */
  readonly clusters: number;
}

/** What a memory plan is made for. */
export interface MemoryRequest {
  readonly shape: DecoderShape;
  readonly sequenceLength: number;
  readonly memoryBytes: number;
  readonly clusters: number;
  /** Half of the rows that fit: memory ran out with all of them. */
  readonly halfBatch?: boolean | undefined;
  /** Weight gradients are accumulated and held, two arrays per cluster. */
  readonly weightGradients: boolean;
}

/**
 * Picks the micro-batch and the number of clusters that fit `memoryBytes`: first fewer clusters, then fewer rows.
 * One cluster is accumulated in float64 at a time; all clusters are held in float32 while searching, and beside them the
 * Gram matrices as repairs read them, in float64: of all samples, and where there are clusters to weigh of one weighting.
 * Each must fit beside the weights. Two numbers per prunable weight where weight gradients are kept, and the Gram matrices.
 * Throws AppError VALIDATION_FAILED with need and have when one cluster and one row do not fit.
 */
export function planMemory(request: MemoryRequest): MemoryPlan {
  const { memoryBytes } = request;
  const { weights, accumulator, row } = memoryParts(request);
  refuseBeyond(memoryBytes, memoryNeed(request));
  const rows = Math.floor((memoryBytes - weights - accumulator) / row);
  return { microBatch: rowsPerRun(rows, request.halfBatch), clusters: heldClusters(request) };
}

/** Clusters whose sums a search can hold beside weights, a run's row and Gram matrices: at least one, at most as many as asked for. */
export function heldClusters(request: MemoryRequest): number {
  const { weights, summed, perCluster, moments, row } = memoryParts(request);
  if (summed === 0) return request.clusters;
  const fitting = Math.floor((request.memoryBytes - weights - row - 2 * moments) / perCluster);
  return Math.max(1, Math.min(request.clusters, fitting));
}

/** Throws AppError VALIDATION_FAILED where statistics need more than is allowed. */
export function refuseBeyond(have: number, need: number): void {
  if (need <= have) return;
  throw new AppError(
    "VALIDATION_FAILED",
    `the statistics of this model need ${need} bytes of memory and ${have} are allowed: raise the memory limit, or take a smaller model or shorter windows`,
    { errors: [{ detail: `needs ${need} bytes, has ${have}`, pointer: "/model/path" }] },
  );
}

/** Bytes without which there are no statistics: weights, one row of a run, and one cluster, accumulated or held. */
export function memoryNeed(request: Pick<MemoryRequest, "shape" | "sequenceLength" | "weightGradients">): number {
  const { weights, accumulator, perCluster, moments, row } = memoryParts(request);
  return weights + row + Math.max(accumulator, perCluster + moments);
}

/** Bytes that a search holds at least, its statistics on disk: weights, one row of a run with gradients, one cluster's sums. */
export function searchNeed(request: Pick<MemoryRequest, "shape" | "sequenceLength" | "weightGradients">): number {
  const { weights, perCluster, moments, row } = memoryParts(request);
  return weights + row + perCluster + moments;
}

function memoryParts(request: Pick<MemoryRequest, "shape" | "sequenceLength" | "weightGradients">) {
  const { shape, sequenceLength } = request;
  const summed = summedNumbers(shape, request.weightGradients);
  return {
    weights: FLOAT32 * totalParameters(shape),
    summed,
    accumulator: FLOAT64 * summed,
    perCluster: FLOAT32 * summed,
    moments: FLOAT64 * gramNumbers(shape),
    row: backwardRowBytes(shape, sequenceLength),
  };
}

/** Numbers that are summed over the samples of a cluster: two per prunable weight where wanted, and the Gram matrices. */
export function summedNumbers(shape: DecoderShape, weightGradients: boolean): number {
  return (weightGradients ? 2 * prunableParameters(shape) : 0) + gramNumbers(shape);
}

/** Numbers of the Gram matrices of all inputs of o_proj and down_proj, those of experts excepted. */
function gramNumbers(shape: DecoderShape): number {
  return shape.layers.reduce((sum, { heads, intermediateSize, experts }) => {
    return sum + (heads * shape.headDim) ** 2 + (experts === undefined ? intermediateSize ** 2 : 0);
  }, 0);
}

/** Rows per run of a forward and backward pass that gives no weight gradients, at least one, that fit a bound beside the weights. */
export function backwardRows(
  shape: DecoderShape,
  sequenceLength: number,
  memoryBytes: number,
  halfBatch?: boolean,
): number {
  const spare = memoryBytes - FLOAT32 * totalParameters(shape);
  return rowsPerRun(Math.floor(spare / backwardRowBytes(shape, sequenceLength)), halfBatch);
}

/** Rows per run of a forward pass that fit a bound, beside the weights; at least one. */
export function forwardRows(
  shape: DecoderShape,
  sequenceLength: number,
  memoryBytes: number,
  halfBatch?: boolean,
): number {
  const spare = memoryBytes - FLOAT32 * totalParameters(shape);
  const rows = Math.floor(spare / forwardRowBytes(shape, sequenceLength));
  return rowsPerRun(rows, halfBatch);
}

export function rowsPerRun(fitting: number, halfBatch = false): number {
  const rows = Math.min(MAX_MICRO_BATCH, fitting);
  return Math.max(1, halfBatch ? Math.floor(rows / 2) : rows);
}

/** Blocks whose results are kept between trials, and the memory that they take. */
export interface LeadingBlocksPlan {
  readonly blocks: number;
  readonly bytes: number;
}

/**
 * Keeps the hidden states of `tokens` tokens behind the first `blocks` blocks where they fit into a quarter of what the
 * weights leave of the bound, and none of them where they do not.
 */
export function planLeadingBlocks(
  shape: DecoderShape,
  blocks: number,
  tokens: number,
  memoryBytes: number,
): LeadingBlocksPlan {
  const bytes = FLOAT32 * tokens * shape.hiddenSize;
  const room = LEADING_STATES_SHARE * (memoryBytes - FLOAT32 * totalParameters(shape));
  return blocks > 0 && bytes <= room ? { blocks, bytes } : { blocks: 0, bytes: 0 };
}
