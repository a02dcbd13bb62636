import { type Dim, describeShape, type Shape, sameSize } from "../builder/value.js";
import { EdgeMismatch, type OpDefinition } from "./definition.js";

/** Attributes of Reshape. */
export interface ReshapeAttributes {
  readonly shape: Shape;
}

/** The same numbers in another shape. Free at run time. At most one symbolic dimension may change or move. */
export const reshape: OpDefinition<ReshapeAttributes> = {
  infer: ([x], { shape }) => {
    if (!sameSize(x.shape, shape)) {
      throw new EdgeMismatch(x.name, `as many numbers as ${describeShape(shape)}`, describeShape(x.shape));
    }
    return [{ dtype: x.dtype, shape }];
  },
  lower: ({ inputs: [x], outputs: [y], attributes: { shape } }, onnx) => {
    // 0 copies the input's size, also where a gate's only row stands for the whole batch; −1 is found by the runtime.
    const copied = (dim: Dim, axis: number): number => (x.shape[axis] === dim ? 0 : -1);
    const dims = onnx.ints(shape.map((dim, axis) => (typeof dim === "number" ? dim : copied(dim, axis))));
    onnx.node("Reshape", [x.name, dims], { outputs: [y.name] });
  },
};
