import { commonFloat, fixedDim } from "./checks.js";
import type { OpDefinition } from "./definition.js";

/** Attributes of Pad. */
export interface PadAttributes {
  readonly axis: number;
  /** Zeros before and after what is there. */
  readonly before: number;
  readonly after: number;
}

/** The value with zeros on both sides of one axis of fixed size. */
export const pad: OpDefinition<PadAttributes> = {
  infer: (inputs, { axis, before, after }) => {
    const [x] = inputs;
    const size = fixedDim(x, axis) + before + after;
    return [{ dtype: commonFloat(inputs), shape: x.shape.map((dim, index) => (index === axis ? size : dim)) }];
  },
  lower: ({ inputs: [x], outputs: [y], attributes: { axis, before, after } }, onnx) => {
    const zero = onnx.scalar(commonFloat([x]), 0);
    onnx.node("Pad", [x.name, onnx.ints([before, after]), zero, onnx.ints([axis])], { outputs: [y.name] });
  },
};
