import { type Dim, describeShape, type FloatType, type Shape, sameShape, type Value } from "../builder/value.js";
import { EdgeMismatch } from "./definition.js";

/** Throws unless the value is of that shape. */
export function expectShape(value: Value, expected: Shape): void {
  if (!sameShape(value.shape, expected)) {
    throw new EdgeMismatch(value.name, describeShape(expected), describeShape(value.shape));
  }
}

/** Throws unless the value has that many dimensions, at least. */
export function expectRank(value: Value, least: number): void {
  if (value.shape.length < least) {
    throw new EdgeMismatch(value.name, `at least ${least} dimensions`, describeShape(value.shape));
  }
}

/** Throws unless the value is int64, as indices are. */
export function expectIndices(value: Value): void {
  if (value.dtype !== "int64") throw new EdgeMismatch(value.name, "int64", value.dtype);
}

/** The one float type of the values; throws where they differ. */
export function commonFloat(values: readonly Value[]): FloatType {
  const [first] = values;
  if (first === undefined) throw new RangeError("an operation without inputs has no float type");
  for (const { name, dtype } of values) if (dtype !== first.dtype) throw new EdgeMismatch(name, first.dtype, dtype);
  if (first.dtype !== "float32" && first.dtype !== "float64") {
    throw new EdgeMismatch(first.name, "float32 or float64", first.dtype);
  }
  return first.dtype;
}

/** Throws unless the axis exists. */
export function expectAxis(value: Value, axis: number): void {
  if (!Number.isInteger(axis) || axis < 0 || axis >= value.shape.length) {
    throw new EdgeMismatch(value.name, `a shape with axis ${axis}`, describeShape(value.shape));
  }
}

/** A dimension that must be fixed, such as the one a slice is cut from. */
export function fixedDim(value: Value, axis: number): number {
  expectAxis(value, axis);
  const dim = value.shape[axis] as Dim;
  if (typeof dim !== "number") {
    throw new EdgeMismatch(value.name, `a fixed size of axis ${axis}`, describeShape(value.shape));
  }
  return dim;
}

/** NumPy's broadcasting of two values. */
export function broadcastShape(a: Value, b: Value): Shape {
  const rank = Math.max(a.shape.length, b.shape.length);
  const shape: Dim[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const left = a.shape[axis - rank + a.shape.length] ?? 1;
    const right = b.shape[axis - rank + b.shape.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new EdgeMismatch(b.name, `a shape that broadcasts with ${describeShape(a.shape)}`, describeShape(b.shape));
    }
    shape.push(left === 1 ? right : left);
  }
  return shape;
}
