import { commonFloat } from "./checks.js";
import type { NoAttributes, OpDefinition } from "./definition.js";

/** x · sigmoid(x), element by element: the activation of Llama's MLP. */
export const silu: OpDefinition<NoAttributes> = {
  infer: (inputs) => [{ dtype: commonFloat(inputs), shape: inputs[0].shape }],
  lower: ({ inputs: [x], outputs: [y] }, onnx) => {
    if (x.dtype === "float32") {
      // One pass over memory instead of two; it exists in float32 only.
      onnx.node("com.microsoft:QuickGelu", [x.name], { attributes: { alpha: { float: 1 } }, outputs: [y.name] });
      return;
    }
    onnx.node("Mul", [x.name, onnx.node("Sigmoid", [x.name])], { outputs: [y.name] });
  },
};
