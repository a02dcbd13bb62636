import { describeShape } from "../builder/value.js";
import { EdgeMismatch, type NoAttributes, type OpDefinition } from "./definition.js";

/**
 * x Wᵀ of x [..., in] and W [out, in], both of one float type: [..., out]. As ONNX's Gemm, which every execution provider
 * computes with W as it is stored.
 */
export const linear: OpDefinition<NoAttributes> = {
  infer: ([x, weight]) => {
    const [out, columns] = weight.shape;
    if (weight.shape.length !== 2 || x.shape.at(-1) !== columns) {
      throw new EdgeMismatch(weight.name, `[out, ${x.shape.at(-1)}]`, describeShape(weight.shape));
    }
    if (x.dtype !== weight.dtype) throw new EdgeMismatch(weight.name, x.dtype, weight.dtype);
    return [{ dtype: x.dtype, shape: [...x.shape.slice(0, -1), out] }];
  },
  lower: ({ inputs: [x, weight], outputs: [y] }, onnx) => {
    const [out, columns] = weight.shape.map(Number);
    const rows = onnx.node("Reshape", [x.name, onnx.ints([-1, columns])]);
    const product = onnx.node("Gemm", [rows, weight.name], { attributes: { transB: { int: 1 } } });
    // 0 copies a size of the product, which has none of them: the leading sizes are read from the input.
    const leading = onnx.node("Shape", [x.name], { attributes: { end: { int: -1 } } });
    const last = { attributes: { axis: { int: 0 } } };
    const shape = onnx.node("Concat", [leading, onnx.ints([out])], last);
    onnx.node("Reshape", [product, shape], { outputs: [y.name] });
  },
};
