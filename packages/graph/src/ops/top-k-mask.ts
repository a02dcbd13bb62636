import { commonFloat, fixedDim } from "./checks.js";
import { EdgeMismatch, type OpDefinition } from "./definition.js";

/** Attributes of TopKMask. */
export interface TopKMaskAttributes {
  /** How many numbers along the last axis are chosen. */
  readonly count: number;
}

/** 1 where a number is among the `count` largest of the last axis (ties: the first ones), else 0. */
export const topKMask: OpDefinition<TopKMaskAttributes> = {
  infer: (inputs, { count }) => {
    const [x] = inputs;
    const last = x.shape.length - 1;
    // How many there are may be known only when the graph runs.
    if (typeof x.shape[last] === "number" && fixedDim(x, last) < count) {
      throw new EdgeMismatch(x.name, `at least ${count} numbers to choose from`, String(x.shape[last]));
    }
    return [{ dtype: commonFloat(inputs), shape: x.shape }];
  },
  lower: ({ inputs: [x], outputs: [y], attributes: { count } }, onnx) => {
    const dtype = commonFloat([x]);
    const indices = `${y.name}/indices`;
    onnx.node("TopK", [x.name, onnx.ints([count])], {
      attributes: { axis: { int: -1 } },
      outputs: [`${y.name}/values`, indices],
    });
    const zeros = onnx.node("Expand", [onnx.scalar(dtype, 0), onnx.node("Shape", [x.name])]);
    const ones = onnx.node("Expand", [onnx.scalar(dtype, 1), onnx.node("Shape", [indices])]);
    onnx.node("ScatterElements", [zeros, indices, ones], { attributes: { axis: { int: -1 } }, outputs: [y.name] });
  },
};
