import { broadcastShape, commonFloat } from "./checks.js";
import type { NoAttributes, OpDefinition } from "./definition.js";

/** An operation on two values of one float type, broadcast as NumPy does, that ONNX has under the same name. */
export function binaryElementwise(opType: "Add" | "Sub" | "Mul" | "Div"): OpDefinition<NoAttributes> {
  return {
    infer: (inputs) => [{ dtype: commonFloat(inputs), shape: broadcastShape(inputs[0], inputs[1]) }],
    lower: ({ inputs, outputs }, onnx) => {
      onnx.node(opType, [inputs[0].name, inputs[1].name], { outputs: [outputs[0].name] });
    },
  };
}

/** An operation on each number by itself that ONNX has under the same name. */
export function unaryElementwise(opType: "Neg" | "Abs" | "Sqrt" | "Sigmoid"): OpDefinition<NoAttributes> {
  return {
    infer: (inputs) => [{ dtype: commonFloat(inputs), shape: inputs[0].shape }],
    lower: ({ inputs, outputs }, onnx) => {
      onnx.node(opType, [inputs[0].name], { outputs: [outputs[0].name] });
    },
  };
}
