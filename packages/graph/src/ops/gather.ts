import { describeShape } from "../builder/value.js";
import { expectIndices } from "./checks.js";
import { EdgeMismatch, type NoAttributes, type OpDefinition } from "./definition.js";

/** Rows of a table [V, D] by index [...]: result [..., D]. An index outside the table fails at run time. */
export const gather: OpDefinition<NoAttributes> = {
  infer: ([table, indices]) => {
    if (table.shape.length !== 2) throw new EdgeMismatch(table.name, "a table [V, D]", describeShape(table.shape));
    expectIndices(indices);
    return [{ dtype: table.dtype, shape: [...indices.shape, table.shape[1]] }];
  },
  lower: ({ inputs: [table, indices], outputs: [y] }, onnx) => {
    onnx.node("Gather", [table.name, indices.name], { attributes: { axis: { int: 0 } }, outputs: [y.name] });
  },
};
