import type { DType, Shape } from "./builder/value.js";

/** What a graph reads at run time. */
export interface InputSpec {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
  /** The batch dimension may also be 1: the same row then serves the whole batch (gates). */
  readonly broadcastBatch: boolean;
}

/** What a graph can give back. */
export interface OutputSpec {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
}

/** An encoded ONNX model with the names, types and shapes of its ends. A value: it can be cached and sent to another process. */
export interface FinishedGraph {
  readonly bytes: Uint8Array;
  readonly inputs: readonly InputSpec[];
  readonly outputs: readonly OutputSpec[];
}
