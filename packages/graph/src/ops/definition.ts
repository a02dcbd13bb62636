import type { DType, FloatType, Shape, Value } from "../builder/value.js";
import type { OnnxAttribute } from "../encoding/onnx-model.js";
import type { TensorArray } from "../tensor.js";

/** Type and shape of what an operation gives. */
export interface TypedShape {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** Attributes of an operation that has none. */
export type NoAttributes = Readonly<Record<string, never>>;

/** A node as its lowering sees it: edges with their final names. */
interface LoweredNode<A> {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: A;
  /** Whether anything reads this output; optional outputs that nobody reads are not asked for. */
  isRead(output: number): boolean;
}

/** Writes ONNX nodes for one of ours. */
export interface OnnxEmitter {
  /** The graph is for other people's runtimes too: operations that few execution providers have are not used. */
  readonly portable: boolean;
  /** Emits a node of the standard set (or, by prefix `com.microsoft:`, of ONNX Runtime's) and names its output. */
  node(opType: string, inputs: readonly string[], options?: NodeOptions): string;
  /** Name of a constant; equal keys share one tensor. */
  constant(key: string, dims: readonly number[], data: () => TensorArray): string;
  /** Name of a constant list of int64: axes, target shapes. */
  ints(values: readonly number[]): string;
  /** Name of a constant int64 scalar. */
  int(value: number): string;
  /** Name of a constant scalar. */
  scalar(dtype: FloatType, value: number): string;
}

/** Options of an emitted node. */
export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  /** Output names; by default one fresh name. "" leaves an optional output out. */
  readonly outputs?: readonly string[];
}

/** One operation of our graphs: how shapes follow, and how ONNX computes it. */
export interface OpDefinition<A> {
  /** Types and shapes of the outputs. Throws {@link EdgeMismatch} where the inputs do not fit. */
  infer(inputs: readonly Value[], attributes: A): readonly TypedShape[];
  lower(node: LoweredNode<A>, onnx: OnnxEmitter): void;
}

/** An input that does not fit its operation; the builder adds which operation it was. */
export class EdgeMismatch extends Error {
  override readonly name = "EdgeMismatch";

  constructor(
    readonly edge: string,
    readonly expected: string,
    readonly found: string,
  ) {
    super(`edge '${edge}': expected ${expected}, found ${found}`);
  }
}
