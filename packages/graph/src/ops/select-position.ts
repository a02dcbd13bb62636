import { describeShape } from "../builder/value.js";
import { commonFloat, expectIndices, expectShape } from "./checks.js";
import { EdgeMismatch, type NoAttributes, type OpDefinition } from "./definition.js";

/** From [B, T, D] the entry of each row that its index [B] names: [B, D]. */
export const selectPosition: OpDefinition<NoAttributes> = {
  infer: ([x, position]) => {
    if (x.shape.length !== 3) throw new EdgeMismatch(x.name, "[B, T, D]", describeShape(x.shape));
    expectIndices(position);
    expectShape(position, [x.shape[0]]);
    return [{ dtype: commonFloat([x]), shape: [x.shape[0], x.shape[2]] }];
  },
  lower: ({ inputs: [x, position], outputs: [y] }, onnx) => {
    const paths = onnx.node("Unsqueeze", [position.name, onnx.ints([1])]);
    onnx.node("GatherND", [x.name, paths], { attributes: { batch_dims: { int: 1 } }, outputs: [y.name] });
  },
};
