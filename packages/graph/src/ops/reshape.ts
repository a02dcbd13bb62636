import { describeShape, productOf, type Shape } from "../builder/value.js";
import { EdgeMismatch, type OpDefinition } from "./definition.js";

export interface ReshapeAttributes {
  readonly shape: Shape;
}

/** The same numbers in another shape; at most one dimension is batched. Free at run time. */
export const reshape: OpDefinition<ReshapeAttributes> = {
  infer: ([x], { shape }) => {
    const size = productOf(x.shape);
    if (size === undefined || size !== productOf(shape)) {
      throw new EdgeMismatch(x.name, `as many numbers as ${describeShape(shape)}`, describeShape(x.shape));
    }
    return [{ dtype: x.dtype, shape }];
  },
  lower: ({ inputs: [x], outputs: [y], attributes: { shape } }, onnx) => {
    // −1 lets the runtime find the batched dimension, also where a gate's only row stands for the whole batch.
    const dims = onnx.ints(shape.map((dim) => (typeof dim === "number" ? dim : -1)));
    onnx.node("Reshape", [x.name, dims], { outputs: [y.name] });
  },
};
