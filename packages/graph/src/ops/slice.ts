import { fixedDim } from "./checks.js";
import { EdgeMismatch, type OpDefinition } from "./definition.js";

/** Attributes of Slice. */
export interface SliceAttributes {
  readonly axis: number;
  readonly start: number;
  /** First index that is left out. */
  readonly end: number;
}

/** Entries start … end − 1 of one axis of fixed size. */
export const slice: OpDefinition<SliceAttributes> = {
  infer: ([x], { axis, start, end }) => {
    const size = fixedDim(x, axis);
    if (!(start >= 0 && start < end && end <= size)) {
      throw new EdgeMismatch(x.name, `axis ${axis} to hold ${start} … ${end}`, String(size));
    }
    return [{ dtype: x.dtype, shape: x.shape.map((dim, index) => (index === axis ? end - start : dim)) }];
  },
  lower: ({ inputs: [x], outputs: [y], attributes: { axis, start, end } }, onnx) => {
    const bounds = [onnx.ints([start]), onnx.ints([end]), onnx.ints([axis])];
    onnx.node("Slice", [x.name, ...bounds], { outputs: [y.name] });
  },
};
