import { AppError } from "@espalier/contracts";
import type { FinishedGraph } from "./finished-graph.js";
import type { Feeds, Results } from "./tensor.js";

/** Where graphs can run. */
export const executionProviders = ["cpu", "webgpu", "cuda"] as const;
export type ExecutionProvider = (typeof executionProviders)[number];

export interface SessionOptions {
  /** Default "cpu". */
  readonly provider?: ExecutionProvider;
  /** Threads inside an operation. Default 1: several compute children share a machine. */
  readonly threads?: number;
}

/** A graph ready to run. `run` blocks the event loop for its whole duration: use it in a compute child. */
export interface GraphSession {
  readonly graph: FinishedGraph;
  /**
   * Runs once. Feeds are not copied. Throws RangeError or TypeError for an unknown or missing name, a wrong element
   * type or wrong dimensions. `fetch` limits what is copied back, not what is computed.
   */
  run(feeds: Feeds, fetch?: readonly string[]): Promise<Results>;
  /** Gives the session's memory back; it cannot run afterwards. */
  release(): Promise<void>;
}

/** Execution providers of the installed runtime that a session can ask for. */
export async function listProviders(): Promise<readonly ExecutionProvider[]> {
  throw new AppError("INTERNAL", "not yet");
}

/** Opens a session on a graph. Throws AppError EXECUTION_PROVIDER_UNAVAILABLE, naming the providers that are there. */
export async function openSession(graph: FinishedGraph, options: SessionOptions = {}): Promise<GraphSession> {
  throw new AppError("INTERNAL", `not yet ${graph.bytes.length} ${options.threads}`);
}
