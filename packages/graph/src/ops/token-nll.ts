import { commonFloat, expectIndices, expectShape } from "./checks.js";
import type { NoAttributes, OpDefinition } from "./definition.js";

/**
 * −log softmax(logits)[target]: logits [..., V] and targets [...] give losses [...] (natural log).
 * Second output: all log probabilities [..., V], which the gradient needs.
 */
export const tokenNll: OpDefinition<NoAttributes> = {
  infer: ([logits, targets]) => {
    expectIndices(targets);
    expectShape(targets, logits.shape.slice(0, -1));
    const dtype = commonFloat([logits]);
    return [
      { dtype, shape: targets.shape },
      { dtype, shape: logits.shape },
    ];
  },
  lower: ({ inputs: [logits, targets], outputs: [nll, logp] }, onnx) => {
    // LogSoftmax with GatherElements is twice as fast as ONNX Runtime's SoftmaxCrossEntropyLoss.
    const last = onnx.ints([targets.shape.length]);
    const attributes = { axis: { int: -1 } };
    onnx.node("LogSoftmax", [logits.name], { attributes, outputs: [logp.name] });
    const picked = onnx.node("GatherElements", [logp.name, onnx.node("Unsqueeze", [targets.name, last])], {
      attributes,
    });
    onnx.node("Neg", [onnx.node("Squeeze", [picked, last])], { outputs: [nll.name] });
  },
};
