import type { Dim } from "../builder/value.js";
import { commonFloat, expectAxis } from "./checks.js";
import type { OpDefinition } from "./definition.js";

/** How many numbers become one. */
export type Reduction = "sum" | "mean" | "sumSquare" | "max";

/** Attributes of Reduce. */
export interface ReduceAttributes {
  readonly kind: Reduction;
  /** Axes that are reduced, counted from 0. */
  readonly axes: readonly number[];
  /** Reduced axes stay, with size 1. */
  readonly keepDims: boolean;
}

const ONNX_NAMES: Record<Reduction, string> = {
  sum: "ReduceSum",
  mean: "ReduceMean",
  sumSquare: "ReduceSumSquare",
  max: "ReduceMax",
};

/** Sum, mean, sum of squares or largest number over some axes. */
export const reduce: OpDefinition<ReduceAttributes> = {
  infer: (inputs, { axes, keepDims }) => {
    const [x] = inputs;
    for (const axis of axes) expectAxis(x, axis);
    const shape: Dim[] = keepDims
      ? x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
      : x.shape.filter((_, axis) => !axes.includes(axis));
    return [{ dtype: commonFloat(inputs), shape }];
  },
  lower: ({ inputs: [x], outputs: [y], attributes: { kind, axes, keepDims } }, onnx) => {
    onnx.node(ONNX_NAMES[kind], [x.name, onnx.ints(axes)], {
      attributes: { keepdims: { int: Number(keepDims) } },
      outputs: [y.name],
    });
  },
};
