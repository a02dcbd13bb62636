import { commonFloat, expectRank, expectShape } from "./checks.js";
import type { OpDefinition } from "./definition.js";

/** Attributes of RmsNorm. */
export interface RmsNormAttributes {
  readonly epsilon: number;
}

/**
 * x · r · weight with r = 1 / √(mean(x²) + ε) over the last axis (Zhang and Sennrich, arXiv 1910.07467).
 * Outputs: the result, and r with a last axis of 1, which the gradient needs.
 */
export const rmsNorm: OpDefinition<RmsNormAttributes> = {
  infer: (inputs) => {
    const [x, weight] = inputs;
    expectRank(x, 1);
    expectShape(weight, x.shape.slice(-1));
    const dtype = commonFloat(inputs);
    return [
      { dtype, shape: x.shape },
      { dtype, shape: [...x.shape.slice(0, -1), 1] },
    ];
  },
  lower: ({ inputs: [x, weight], outputs: [y, r], attributes: { epsilon }, isRead }, onnx) => {
    // The fused operation's second output is r on the CPU only: on WebGPU (ONNX Runtime 1.30) it holds other numbers.
    if (x.dtype === "float32" && !isRead(1)) {
      onnx.node("SimplifiedLayerNormalization", [x.name, weight.name], {
        attributes: { axis: { int: -1 }, epsilon: { float: epsilon }, stash_type: { int: 1 } },
        outputs: [y.name],
      });
      return;
    }
    const squares = onnx.node("ReduceMean", [onnx.node("Mul", [x.name, x.name]), onnx.ints([x.shape.length - 1])]);
    const root = onnx.node("Sqrt", [onnx.node("Add", [squares, onnx.scalar(commonFloat([x]), epsilon)])]);
    onnx.node("Reciprocal", [root], { outputs: [r.name] });
    onnx.node("Mul", [onnx.node("Mul", [x.name, r.name]), weight.name], { outputs: [y.name] });
  },
};
