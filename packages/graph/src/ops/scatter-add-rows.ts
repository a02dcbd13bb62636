import { commonFloat, expectIndices, expectShape } from "./checks.js";
import type { OpDefinition } from "./definition.js";

/** Attributes of ScatterAddRows. */
export interface ScatterAddRowsAttributes {
  /** Rows V of the result. */
  readonly rows: number;
}

/** Table [V, D] whose row v is the sum of the updates [..., D] with index v: the transpose of `gather`. */
export const scatterAddRows: OpDefinition<ScatterAddRowsAttributes> = {
  infer: ([updates, indices], { rows }) => {
    expectIndices(indices);
    expectShape(updates, [...indices.shape, updates.shape[updates.shape.length - 1]]);
    return [{ dtype: commonFloat([updates]), shape: [rows, updates.shape[updates.shape.length - 1]] }];
  },
  lower: ({ inputs: [updates, indices], outputs: [y] }, onnx) => {
    const dims = y.shape.map(Number);
    const zeros = onnx.node("Expand", [onnx.scalar(commonFloat([updates]), 0), onnx.ints(dims)]);
    const paths = onnx.node("Unsqueeze", [indices.name, onnx.ints([indices.shape.length])]);
    const attributes = { reduction: { text: "add" } };
    onnx.node("ScatterND", [zeros, paths, updates.name], { attributes, outputs: [y.name] });
  },
};
