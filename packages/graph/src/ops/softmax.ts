import { commonFloat, expectRank } from "./checks.js";
import type { NoAttributes, OpDefinition } from "./definition.js";

/** exp(x) / Σ exp(x) over the last axis, shifted by the maximum so that it cannot overflow. */
export const softmax: OpDefinition<NoAttributes> = {
  infer: (inputs) => {
    expectRank(inputs[0], 1);
    return [{ dtype: commonFloat(inputs), shape: inputs[0].shape }];
  },
  lower: ({ inputs: [x], outputs: [y] }, onnx) => {
    onnx.node("Softmax", [x.name], { attributes: { axis: { int: -1 } }, outputs: [y.name] });
  },
};
