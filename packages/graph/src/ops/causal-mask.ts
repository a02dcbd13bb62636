import { describeShape } from "../builder/value.js";
import { expectIndices } from "./checks.js";
import { EdgeMismatch, type OpDefinition } from "./definition.js";

/** Attributes of CausalMask. */
export interface CausalMaskAttributes {
  /** A query sees the last so many positions, its own among them; left out: all that are not later. */
  readonly window?: number;
  /** Stands at positions that a query does not see; finite, because a row of −∞ alone would give NaN. */
  readonly masked: number;
}

/**
 * What is added to scores of the last S of T positions: 0 where a query may look, `masked` at later positions and where
 * the attention mask [B, T] is 0. From the mask and anything [B, S]: [B, 1, S, T].
 */
export const causalMask: OpDefinition<CausalMaskAttributes> = {
  infer: (inputs) => {
    const [mask, added] = inputs;
    for (const input of inputs) {
      expectIndices(input);
      if (input.shape.length !== 2) throw new EdgeMismatch(input.name, "[B, positions]", describeShape(input.shape));
    }
    return [{ dtype: "float32", shape: [mask.shape[0], 1, added.shape[1], mask.shape[1]] }];
  },
  lower: ({ inputs: [mask, added], outputs: [y], attributes: { window, masked } }, onnx) => {
    const length = (name: string): string =>
      onnx.node("Squeeze", [onnx.node("Shape", [name], { attributes: { start: { int: 1 } } })]);
    const [zero, one] = [onnx.int(0), onnx.int(1)];
    const [total, count] = [length(mask.name), length(added.name)];
    const keys = onnx.node("Range", [zero, total, one]);
    const queries = onnx.node("Unsqueeze", [
      onnx.node("Range", [onnx.node("Sub", [total, count]), total, one]),
      onnx.ints([1]),
    ]);
    let seen = onnx.node("LessOrEqual", [keys, queries]);
    if (window !== undefined) {
      const first = onnx.node("Sub", [queries, onnx.int(window)]);
      seen = onnx.node("And", [seen, onnx.node("Greater", [keys, first])]);
    }
    const real = onnx.node("Unsqueeze", [onnx.node("Greater", [mask.name, zero]), onnx.ints([1, 2])]);
    const allowed = onnx.node("And", [real, seen]);
    onnx.node("Where", [allowed, onnx.scalar("float32", 0), onnx.scalar("float32", masked)], { outputs: [y.name] });
  },
};
