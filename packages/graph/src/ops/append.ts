import type { Dim } from "../builder/value.js";
import { expectAxis, expectShape } from "./checks.js";
import { EdgeMismatch, type OpDefinition } from "./definition.js";

/** Attributes of Append. */
export interface AppendAttributes {
  readonly axis: number;
  /** What the axis of the result is called: the sum of two symbols has no form of its own. */
  readonly length: Dim;
}

/** A value and what comes after it along an axis whose sizes are known at run time only: a cache and its new entries. */
export const append: OpDefinition<AppendAttributes> = {
  infer: ([before, after], { axis, length }) => {
    expectAxis(before, axis);
    if (before.dtype !== after.dtype) throw new EdgeMismatch(after.name, before.dtype, after.dtype);
    const shaped = (size: Dim) => before.shape.map((dim, index) => (index === axis ? size : dim));
    expectShape(after, shaped(after.shape[axis] ?? 0));
    return [{ dtype: before.dtype, shape: shaped(length) }];
  },
  lower: ({ inputs: [before, after], outputs: [y], attributes: { axis } }, onnx) => {
    onnx.node("Concat", [before.name, after.name], { attributes: { axis: { int: axis } }, outputs: [y.name] });
  },
};
