import { elementTypes } from "../encoding/element-types.js";
import { commonFloat } from "./checks.js";
import type { NoAttributes, OpDefinition } from "./definition.js";

/** Added to logits that a softmax shall not see. Not −∞: a row of −∞ alone would give NaN. */
const EXCLUDED = -1e9;

/** From a mask what, added to logits, hides its zeros from a softmax: −10⁹ where it is not above 0, else 0. */
export const excludeMask: OpDefinition<NoAttributes> = {
  infer: (inputs) => [{ dtype: commonFloat(inputs), shape: inputs[0].shape }],
  lower: ({ inputs: [mask], outputs: [y] }, onnx) => {
    const dtype = commonFloat([mask]);
    const missing = onnx.node("LessOrEqual", [mask.name, onnx.scalar(dtype, 0)]);
    const count = onnx.node("Cast", [missing], { attributes: { to: { int: elementTypes[dtype] } } });
    onnx.node("Mul", [count, onnx.scalar(dtype, EXCLUDED)], { outputs: [y.name] });
  },
};
