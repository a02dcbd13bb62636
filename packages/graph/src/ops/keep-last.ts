import { describeShape } from "../builder/value.js";
import { expectIndices } from "./checks.js";
import { EdgeMismatch, type NoAttributes, type OpDefinition } from "./definition.js";

/** The last so many entries of each row of [B, S, D] as a scalar says, [B, N, D]; 0 keeps all of them. */
export const keepLast: OpDefinition<NoAttributes> = {
  infer: ([x, count]) => {
    if (x.shape.length !== 3) throw new EdgeMismatch(x.name, "[B, S, D]", describeShape(x.shape));
    expectIndices(count);
    if (count.shape.length > 0) throw new EdgeMismatch(count.name, "a scalar", describeShape(count.shape));
    return [{ dtype: x.dtype, shape: [x.shape[0], "N", x.shape[2]] }];
  },
  lower: ({ inputs: [x, count], outputs: [y] }, onnx) => {
    // From −count to the end; −0 is the beginning.
    const start = onnx.node("Reshape", [onnx.node("Neg", [count.name]), onnx.ints([1])]);
    const bounds = [start, onnx.ints([Number.MAX_SAFE_INTEGER]), onnx.ints([1])];
    onnx.node("Slice", [x.name, ...bounds], { outputs: [y.name] });
  },
};
