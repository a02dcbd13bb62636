import { reduce, reshape } from "../builder/expressions.js";
import type { GraphBuilder } from "../builder/graph-builder.js";
import type { Shape, Value } from "../builder/value.js";

/** Undoes broadcasting: a value that was read many times gets the sum of the gradients of its readings. */
export function sumToShape(g: GraphBuilder, dy: Value, shape: Shape): Value {
  const extra = dy.shape.length - shape.length;
  const axes = dy.shape.flatMap((dim, axis) =>
    axis < extra || (shape[axis - extra] === 1 && dim !== 1) ? [axis] : [],
  );
  if (axes.length === 0) return dy;
  return reshape(g, reduce(g, "sum", dy, axes, true), shape);
}
