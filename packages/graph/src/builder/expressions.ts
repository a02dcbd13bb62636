import type { MatMulAttributes } from "../ops/mat-mul.js";
import type { Reduction } from "../ops/reduce.js";
import type { GraphBuilder } from "./graph-builder.js";
import type { Dim, DType, Shape, Value } from "./value.js";

// One function per operation with the arguments that read best at the call site; each adds one node.

export const abs = (g: GraphBuilder, x: Value): Value => g.add("Abs", [x], {});
export const add = (g: GraphBuilder, a: Value, b: Value): Value => g.add("Add", [a, b], {});
export const div = (g: GraphBuilder, a: Value, b: Value): Value => g.add("Div", [a, b], {});
export const mul = (g: GraphBuilder, a: Value, b: Value): Value => g.add("Mul", [a, b], {});
export const neg = (g: GraphBuilder, x: Value): Value => g.add("Neg", [x], {});
export const sigmoid = (g: GraphBuilder, x: Value): Value => g.add("Sigmoid", [x], {});
export const silu = (g: GraphBuilder, x: Value): Value => g.add("Silu", [x], {});
export const softmax = (g: GraphBuilder, x: Value): Value => g.add("Softmax", [x], {});
export const sqrt = (g: GraphBuilder, x: Value): Value => g.add("Sqrt", [x], {});
export const sub = (g: GraphBuilder, a: Value, b: Value): Value => g.add("Sub", [a, b], {});

/** A constant number that broadcasts with `like`. */
export function scalar(g: GraphBuilder, like: Value, value: number): Value {
  const data = () => (like.dtype === "float64" ? Float64Array.of(value) : Float32Array.of(value));
  return g.constant(`number.${like.dtype}.${value}`, [], data);
}

export const concat = (g: GraphBuilder, values: readonly Value[], axis: number): Value =>
  values.length === 1 ? values[0] : g.add("Concat", values, { axis });

export const append = (g: GraphBuilder, before: Value, after: Value, axis: number, length: Dim): Value =>
  g.add("Append", [before, after], { axis, length });

/** The value in an element type; itself where it has it. */
export const cast = (g: GraphBuilder, x: Value, to: DType): Value => (x.dtype === to ? x : g.add("Cast", [x], { to }));

export const expandLike = (g: GraphBuilder, x: Value, like: Value): Value => g.add("ExpandLike", [x, like], {});

export const gather = (g: GraphBuilder, table: Value, indices: Value): Value => g.add("Gather", [table, indices], {});

export const matMul = (g: GraphBuilder, a: Value, b: Value, options: Partial<MatMulAttributes> = {}): Value =>
  g.add("MatMul", [a, b], { transA: false, transB: false, alpha: 1, ...options });

export const pad = (g: GraphBuilder, x: Value, axis: number, before: number, after: number): Value =>
  g.add("Pad", [x], { axis, before, after });

export function reduce(g: GraphBuilder, kind: Reduction, x: Value, axes: readonly number[], keepDims = false): Value {
  return g.add("Reduce", [x], { kind, axes, keepDims });
}

export const reshape = (g: GraphBuilder, x: Value, shape: Shape): Value => g.add("Reshape", [x], { shape });

export const slice = (g: GraphBuilder, x: Value, axis: number, start: number, end: number): Value =>
  g.add("Slice", [x], { axis, start, end });

export const transpose = (g: GraphBuilder, x: Value, perm: readonly number[]): Value =>
  g.add("Transpose", [x], { perm });
