import { describeShape, type Shape, sameShape, type Value } from "../builder/value.js";
import { commonFloat, expectRank } from "./checks.js";
import { EdgeMismatch, type OnnxEmitter, type OpDefinition } from "./definition.js";

/** Attributes of MatMul. */
export interface MatMulAttributes {
  /** Read the first value with its last two axes swapped. */
  readonly transA: boolean;
  readonly transB: boolean;
  /** Multiplies the product. */
  readonly alpha: number;
}

/** The two matrix axes as they are read. */
function matrixAxes({ shape }: Value, transposed: boolean): Shape {
  const [rows, columns] = shape.slice(-2);
  return transposed ? [columns, rows] : [rows, columns];
}

/**
 * alpha · op(A) · op(B) over the last two axes; leading axes are equal in both, or B is one matrix for all of them
 * (a weight), which ONNX Runtime then computes as a single large product.
 */
export const matMul: OpDefinition<MatMulAttributes> = {
  infer: (inputs, { transA, transB }) => {
    const [a, b] = inputs;
    expectRank(a, 2);
    expectRank(b, 2);
    const [m, inner] = matrixAxes(a, transA);
    const [expected, n] = matrixAxes(b, transB);
    if (inner !== expected) {
      throw new EdgeMismatch(b.name, `inner dimension ${inner} of ${describeShape(a.shape)}`, describeShape(b.shape));
    }
    const leading = a.shape.slice(0, -2);
    const weight = b.shape.length === 2;
    if (weight ? transA && leading.length > 0 : !sameShape(leading, b.shape.slice(0, -2))) {
      throw new EdgeMismatch(b.name, `leading axes as in ${describeShape(a.shape)}`, describeShape(b.shape));
    }
    return [{ dtype: commonFloat(inputs), shape: [...leading, m, n] }];
  },
  lower: ({ inputs: [a, b], outputs: [y], attributes: { transA, transB, alpha } }, onnx) => {
    const outputs = [y.name];
    if (!transA && !transB && alpha === 1) {
      onnx.node("MatMul", [a.name, b.name], { outputs });
    } else if (y.dtype === "float32" && !onnx.portable) {
      const attributes = { transA: { int: Number(transA) }, transB: { int: Number(transB) }, alpha: { float: alpha } };
      onnx.node("com.microsoft:FusedMatMul", [a.name, b.name], { attributes, outputs });
    } else {
      // FusedMatMul exists in float32 only, and not on every execution provider.
      const left = transA ? swapped(a, onnx) : a.name;
      const right = transB ? swapped(b, onnx) : b.name;
      onnx.node("Mul", [onnx.node("MatMul", [left, right]), onnx.scalar(commonFloat([a]), alpha)], { outputs });
    }
  },
};

function swapped({ name, shape }: Value, onnx: OnnxEmitter): string {
  const perm = shape.map((_, axis) => axis);
  perm.push(...perm.splice(-2).reverse());
  return onnx.node("Transpose", [name], { attributes: { perm: { ints: perm } } });
}
