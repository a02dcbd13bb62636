import type { DecoderShape } from "@espalier/contracts";
import {
  type ExecutionProvider,
  type Feeds,
  forwardProgram,
  type GraphSession,
  inputNames,
  leadingBlocksProgram,
  openGates,
  openSession,
  type WeightPrecision,
  weightFeeds,
} from "@espalier/graph";
import { sessionOptions } from "../calibration/observe.js";
import { DEFAULT_MEMORY_BYTES, forwardRows, headChunkTokens } from "../execution/memory.js";
import { weightsAsRead } from "../execution/weights-as-read.js";
import { totalParameters } from "../units/index.js";
import { type Candidate, maskedFeeds, slicedFeeds } from "./candidate.js";
import { makeSliceBufferPool, type SliceBufferPool, type SliceBuffers } from "./slice-buffers.js";

/** A forward session for windows of one length, with everything that no candidate changes. */
export interface ForwardSession {
  readonly session: GraphSession;
  /** Rows per run. */
  readonly rows: number;
  /** Everything that a run reads besides the tokens. Good until the buffers serve another candidate. */
  feeds(candidate: Candidate, buffers: SliceBuffers): Feeds;
}

/** The first blocks of the dense model for windows of one length. */
export interface LeadingSession {
  readonly session: GraphSession;
  /** Everything that a run reads besides the ids. */
  readonly feeds: Feeds;
}

/** Forward sessions of one model, one per window length and first block, opened on first use and kept. */
export interface ForwardPool {
  readonly shape: DecoderShape;
  /** The sessions read biases. */
  readonly biases: boolean;
  /** Where slices of candidates are written. */
  readonly buffers: SliceBufferPool;
  /** From block `firstLayer` on (default 0), whose input then is a run's as the tokens are. */
  session(sequenceLength: number, firstLayer?: number): Promise<ForwardSession>;
  /** What gives the input of block `blocks`. */
  leading(sequenceLength: number, blocks: number): Promise<LeadingSession>;
  close(): Promise<void>;
}

export interface ForwardPoolOptions {
  readonly shape: DecoderShape;
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** Candidates may carry biases. Default false. */
  readonly biases?: boolean | undefined;
  /**
   * "sliced": candidates run in their own widths, 1.2 to 1.8 times as fast, on copies of the layers that lost units.
   * "masked": in dense width behind gates, nothing copied: what an export is verified against. Both give the same losses
   * to 1e-6. Default: "sliced" where a copy of the weights fits into a quarter of the memory bound, else "masked".
   */
  readonly widths?: "sliced" | "masked" | undefined;
  /**
   * "half": matrices are fed in float16, for devices whose memory and bus are the limit; sessions are then "masked".
   * Default "full".
   */
  readonly weightPrecision?: WeightPrecision | undefined;
  /** The sessions also give the loss of the likeliest token. Default false. */
  readonly ranked?: boolean | undefined;
  readonly memoryBytes?: number | undefined;
  /** Half as many rows a run as the memory allows. */
  readonly halfBatch?: boolean | undefined;
  readonly provider?: ExecutionProvider | undefined;
  readonly threads?: number | undefined;
}

/** Makes an empty pool; nothing is opened yet. */
export function openForwardPool(options: ForwardPoolOptions): ForwardPool {
  const { shape } = options;
  const biases = options.biases ?? false;
  const sessions = new Map<string, Promise<ForwardSession>>();
  const leading = new Map<string, Promise<LeadingSession>>();
  return {
    shape,
    biases,
    buffers: makeSliceBufferPool(options.weights),
    session: (sequenceLength, firstLayer = 0) =>
      kept(sessions, `${sequenceLength} ${firstLayer}`, () => openForward(options, biases, sequenceLength, firstLayer)),
    leading: (sequenceLength, blocks) =>
      kept(leading, `${sequenceLength} ${blocks}`, () => openLeading(options, sequenceLength, blocks)),
    async close() {
      const opened = await Promise.all([...sessions.values(), ...leading.values()]);
      sessions.clear();
      leading.clear();
      for (const { session } of opened) await session.release();
    },
  };
}

/** What a map has under a key; made and put there where it has nothing. */
function kept<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}

async function openLeading(
  options: ForwardPoolOptions,
  sequenceLength: number,
  blocks: number,
): Promise<LeadingSession> {
  const { shape, weights, weightPrecision = "full" } = options;
  const graph = leadingBlocksProgram({ shape, sequenceLength, blocks, weightPrecision });
  const session = await openSession(graph, sessionOptions(options));
  return { session, feeds: weightFeeds(graph, weightsAsRead(graph, weights)) };
}

async function openForward(
  options: ForwardPoolOptions,
  biases: boolean,
  sequenceLength: number,
  firstLayer: number,
): Promise<ForwardSession> {
  const { shape, weights, weightPrecision = "full", memoryBytes = DEFAULT_MEMORY_BYTES, halfBatch } = options;
  const chunk = headChunkTokens(shape, sequenceLength);
  const sliced = (options.widths ?? defaultWidths(options, memoryBytes)) === "sliced";
  const graph = forwardProgram({
    shape,
    sequenceLength,
    gates: !sliced,
    widths: sliced ? "elastic" : "fixed",
    projectionBias: biases,
    ranked: options.ranked ?? false,
    firstLayer,
    weightPrecision,
    ...(chunk === undefined ? {} : { headChunkTokens: chunk }),
  });
  const dense: Record<string, Feeds[string]> = {
    ...weightFeeds(graph, weightsAsRead(graph, weights)),
    ...openGates(graph),
  };
  for (const { name } of graph.inputs) {
    if (!name.startsWith(inputNames.biasPrefix)) continue;
    dense[name] = { data: new Float32Array(shape.hiddenSize), dims: [shape.hiddenSize] };
  }
  const session = await openSession(graph, sessionOptions(options));
  return {
    session,
    rows: forwardRows(shape, sequenceLength, memoryBytes - (sliced ? weightBytes(shape) : 0), halfBatch),
    feeds: (candidate, { room }) => ({
      ...dense,
      ...(sliced ? slicedFeeds(shape, weights, graph, candidate, dense, room) : maskedFeeds(shape, candidate, dense)),
    }),
  };
}

function defaultWidths({ shape, weightPrecision }: ForwardPoolOptions, memoryBytes: number): "sliced" | "masked" {
  if (weightPrecision === "half") return "masked";
  return 4 * weightBytes(shape) <= memoryBytes ? "sliced" : "masked";
}

/** What the buffers for slices take at most, as the weights do. */
function weightBytes(shape: DecoderShape): number {
  return Float32Array.BYTES_PER_ELEMENT * totalParameters(shape);
}
