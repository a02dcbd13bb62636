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

/** A forward session for windows of one length, with everything that no candidate changes. */
export interface ForwardSession {
  readonly session: GraphSession;
  /** Dense weights, open gates and, where there are bias inputs, zero biases. */
  readonly dense: Feeds;
  /** Rows per run. */
  readonly rows: number;
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
  const { shape } = options;
  const chunk = headChunkTokens(shape, sequenceLength);
  const graph = forwardProgram({
    shape,
    sequenceLength,
    gates: true,
    projectionBias: biases,
    ...(chunk === undefined ? {} : { headChunkTokens: chunk }),
  });
  const dense: Record<string, Feeds[string]> = { ...weightFeeds(graph, options.weights), ...openGates(graph) };
  for (const { name } of graph.inputs) {
    if (!name.startsWith(inputNames.biasPrefix)) continue;
    dense[name] = { data: new Float32Array(shape.hiddenSize), dims: [shape.hiddenSize] };
  }
  const session = await openSession(graph, sessionOptions(options));
  return { session, dense, rows: forwardRows(shape, sequenceLength, options.memoryBytes ?? DEFAULT_MEMORY_BYTES) };
}
