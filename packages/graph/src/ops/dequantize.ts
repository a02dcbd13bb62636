import { expectShape } from "./checks.js";
import { EdgeMismatch, type NoAttributes, type OpDefinition } from "./definition.js";

/** Rows of int8 [rows, columns] times the scale of each row, float32 [rows]: float32 [rows, columns]. */
export const dequantize: OpDefinition<NoAttributes> = {
  infer: ([x, scale]) => {
    if (x.dtype !== "int8") throw new EdgeMismatch(x.name, "int8", x.dtype);
    if (scale.dtype !== "float32") throw new EdgeMismatch(scale.name, "float32", scale.dtype);
    expectShape(scale, x.shape.slice(0, 1));
    return [{ dtype: "float32", shape: x.shape }];
  },
  lower: ({ inputs: [x, scale], outputs: [y] }, onnx) => {
    onnx.node("DequantizeLinear", [x.name, scale.name], { attributes: { axis: { int: 0 } }, outputs: [y.name] });
  },
};
