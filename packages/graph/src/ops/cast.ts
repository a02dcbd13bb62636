import type { FloatType } from "../builder/value.js";
import { EdgeMismatch, type OpDefinition } from "./definition.js";

/** Attributes of Cast. */
export interface CastAttributes {
  readonly to: FloatType;
}

/** ONNX's numbers of element types. */
const ELEMENT_TYPES: Readonly<Record<FloatType, number>> = { float32: 1, float64: 11 };

/** The same numbers in another float type; widening float16 is exact. */
export const cast: OpDefinition<CastAttributes> = {
  infer: ([x], { to }) => {
    if (x.dtype === "int64") throw new EdgeMismatch(x.name, "a float type", x.dtype);
    return [{ dtype: to, shape: x.shape }];
  },
  lower: ({ inputs: [x], outputs: [y], attributes: { to } }, onnx) => {
    onnx.node("Cast", [x.name], { attributes: { to: { int: ELEMENT_TYPES[to] } }, outputs: [y.name] });
  },
};
