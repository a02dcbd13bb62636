import { commonFloat, expectIndices, expectShape } from "./checks.js";
import type { NoAttributes, OpDefinition } from "./definition.js";

/** (softmax − one-hot(target)) · dy from log probabilities [..., V], targets [...] and dy [...]: gradient of `tokenNll`. */
export const tokenNllGradient: OpDefinition<NoAttributes> = {
  infer: ([logp, targets, dy]) => {
    expectIndices(targets);
    expectShape(targets, logp.shape.slice(0, -1));
    expectShape(dy, targets.shape);
    return [{ dtype: commonFloat([logp, dy]), shape: logp.shape }];
  },
  lower: ({ inputs: [logp, targets, dy], outputs: [dx] }, onnx) => {
    const last = onnx.ints([targets.shape.length]);
    const seed = onnx.node("Unsqueeze", [dy.name, last]);
    const dense = onnx.node("Mul", [onnx.node("Exp", [logp.name]), seed]);
    onnx.node("ScatterElements", [dense, onnx.node("Unsqueeze", [targets.name, last]), onnx.node("Neg", [seed])], {
      attributes: { axis: { int: -1 }, reduction: { text: "add" } },
      outputs: [dx.name],
    });
  },
};
