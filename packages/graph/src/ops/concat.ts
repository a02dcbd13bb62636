import { commonFloat, expectShape, fixedDim } from "./checks.js";
import type { OpDefinition } from "./definition.js";

/** Attributes of Concat. */
export interface ConcatAttributes {
  readonly axis: number;
}

/** Values one after the other along one axis of fixed sizes; their other axes are equal. */
export const concat: OpDefinition<ConcatAttributes> = {
  infer: (inputs, { axis }) => {
    const resized = (size: number) => inputs[0].shape.map((dim, index) => (index === axis ? size : dim));
    let total = 0;
    for (const input of inputs) {
      const size = fixedDim(input, axis);
      expectShape(input, resized(size));
      total += size;
    }
    return [{ dtype: commonFloat(inputs), shape: resized(total) }];
  },
  lower: ({ inputs, outputs: [y], attributes: { axis } }, onnx) => {
    const names = inputs.map(({ name }) => name);
    onnx.node("Concat", names, { attributes: { axis: { int: axis } }, outputs: [y.name] });
  },
};
