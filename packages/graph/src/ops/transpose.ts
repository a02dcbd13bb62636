import { describeShape } from "../builder/value.js";
import { EdgeMismatch, type OpDefinition } from "./definition.js";

/** Attributes of Transpose. */
export interface TransposeAttributes {
  /** Axis i of the result is axis perm[i] of the input. */
  readonly perm: readonly number[];
}

/** The same numbers with their axes in another order. */
export const transpose: OpDefinition<TransposeAttributes> = {
  infer: ([x], { perm }) => {
    const sorted = [...perm].sort((a, b) => a - b);
    if (perm.length !== x.shape.length || sorted.some((axis, index) => axis !== index)) {
      throw new EdgeMismatch(x.name, `a shape whose axes are [${perm.join(", ")}]`, describeShape(x.shape));
    }
    return [{ dtype: x.dtype, shape: perm.map((axis) => x.shape[axis]) }];
  },
  lower: ({ inputs: [x], outputs: [y], attributes: { perm } }, onnx) => {
    onnx.node("Transpose", [x.name], { attributes: { perm: { ints: perm } }, outputs: [y.name] });
  },
};
