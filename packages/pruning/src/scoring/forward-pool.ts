import type { DecoderShape } from "@espalier/contracts";
import {
  type ExecutionProvider,
  type Feeds,
  forwardProgram,
  type GraphSession,
  inputNames,
  openGates,
  openSession,
  weightFeeds,
} from "@espalier/graph";
import { sessionOptions } from "../calibration/observe.js";
import { DEFAULT_MEMORY_BYTES, forwardRows, headChunkTokens } from "../execution/memory.js";
import { totalParameters } from "../units/index.js";
import { type Candidate, maskedFeeds, slicedFeeds } from "./candidate.js";

/** A forward session for windows of one length, with everything that no candidate changes. */
export interface ForwardSession {
  readonly session: GraphSession;
  /** Rows per run. */
  readonly rows: number;
  /** Everything that a run reads besides the tokens. */
  feeds(candidate: Candidate): Feeds;
}

/** Forward sessions of one model, one per window length, opened on first use and kept. */
export interface ForwardPool {
  readonly shape: DecoderShape;
  /** The sessions read biases. */
  readonly biases: boolean;
  session(sequenceLength: number): Promise<ForwardSession>;
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
  readonly memoryBytes?: number | undefined;
  readonly provider?: ExecutionProvider | undefined;
  readonly threads?: number | undefined;
}

/** Makes an empty pool; nothing is opened yet. */
export function openForwardPool(options: ForwardPoolOptions): ForwardPool {
  const { shape } = options;
  const biases = options.biases ?? false;
  const sessions = new Map<number, Promise<ForwardSession>>();
  return {
    shape,
    biases,
    session(sequenceLength) {
      const known = sessions.get(sequenceLength) ?? openForward(options, biases, sequenceLength);
      sessions.set(sequenceLength, known);
      return known;
    },
    async close() {
      const opened = await Promise.all(sessions.values());
      sessions.clear();
      for (const { session } of opened) await session.release();
    },
  };
}

async function openForward(
  options: ForwardPoolOptions,
  biases: boolean,
  sequenceLength: number,
): Promise<ForwardSession> {
  const { shape, weights, memoryBytes = DEFAULT_MEMORY_BYTES } = options;
  const chunk = headChunkTokens(shape, sequenceLength);
  const sliced = (options.widths ?? defaultWidths(shape, memoryBytes)) === "sliced";
  const graph = forwardProgram({
    shape,
    sequenceLength,
    gates: !sliced,
    widths: sliced ? "elastic" : "fixed",
    projectionBias: biases,
    ...(chunk === undefined ? {} : { headChunkTokens: chunk }),
  });
  const dense: Record<string, Feeds[string]> = { ...weightFeeds(graph, weights), ...openGates(graph) };
  for (const { name } of graph.inputs) {
    if (!name.startsWith(inputNames.biasPrefix)) continue;
    dense[name] = { data: new Float32Array(shape.hiddenSize), dims: [shape.hiddenSize] };
  }
  const session = await openSession(graph, sessionOptions(options));
  return {
    session,
    rows: forwardRows(shape, sequenceLength, memoryBytes),
    feeds: (candidate) => ({
      ...dense,
      ...(sliced ? slicedFeeds(shape, weights, graph, candidate, dense) : maskedFeeds(shape, candidate, dense)),
    }),
  };
}

function defaultWidths(shape: DecoderShape, memoryBytes: number): "sliced" | "masked" {
  return 4 * Float32Array.BYTES_PER_ELEMENT * totalParameters(shape) <= memoryBytes ? "sliced" : "masked";
}
