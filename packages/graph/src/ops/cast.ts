import type { DType } from "../builder/value.js";
import { elementTypes } from "../encoding/element-types.js";
import type { OpDefinition } from "./definition.js";

/** Attributes of Cast. */
export interface CastAttributes {
  readonly to: DType;
}

/** The same numbers in another element type, rounded to nearest where it is narrower; widening is exact. */
export const cast: OpDefinition<CastAttributes> = {
  infer: ([x], { to }) => [{ dtype: to, shape: x.shape }],
  lower: ({ inputs: [x], outputs: [y], attributes: { to } }, onnx) => {
    onnx.node("Cast", [x.name], { attributes: { to: { int: elementTypes[to] } }, outputs: [y.name] });
  },
};
