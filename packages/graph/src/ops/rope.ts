import { describeShape, factorOf, type Value } from "../builder/value.js";
import { commonFloat, expectShape, fixedDim } from "./checks.js";
import { EdgeMismatch, type OnnxEmitter, type OpDefinition } from "./definition.js";

/** Attributes of Rope. */
export interface RopeAttributes {
  readonly headDim: number;
  /** Rotate back: the transpose, which is the inverse, of the rotation. */
  readonly inverse: boolean;
  /** Pair i turns by position · frequencies[i], [headDim/2]. */
  readonly frequencies: readonly number[];
  /** Rows of the tables where positions are an input; left out: as many as there are tokens. */
  readonly positions?: number;
}

/**
 * Rotary position embedding of [B, T, heads·headDim] (Su et al., arXiv 2104.09864), pairs (i, i + headDim/2) as in
 * Hugging Face's Llama. Positions count from 0 along axis 1, or are a second input, int64 [B, T].
 */
export const rope: OpDefinition<RopeAttributes> = {
  infer: (inputs, { headDim, frequencies, positions: rows }) => {
    const [x, positions] = inputs;
    const [width] = factorOf(x.shape[2] ?? 0);
    if (rows === undefined) fixedDim(x, 1);
    else expectShape(positions, x.shape.slice(0, 2));
    if (x.shape.length !== 3 || width % headDim !== 0) {
      throw new EdgeMismatch(x.name, `[B, T, heads · ${headDim}]`, describeShape(x.shape));
    }
    if (headDim % 2 !== 0) throw new EdgeMismatch(x.name, "an even head size", String(headDim));
    if (frequencies.length !== headDim / 2) {
      throw new EdgeMismatch(x.name, `${headDim / 2} frequencies`, String(frequencies.length));
    }
    return [{ dtype: commonFloat([x]), shape: x.shape }];
  },
  lower: ({ inputs: [x, positions], outputs: [y], attributes }, onnx) => {
    const tables = [table(x, attributes, "cos", onnx), table(x, attributes, "sin", onnx)];
    if (x.dtype === "float32") {
      const options = { attributes: { interleaved: { int: 0 } }, outputs: [y.name] };
      onnx.node("com.microsoft:RotaryEmbedding", [x.name, positions?.name ?? onnx.ints([0]), ...tables], options);
    } else {
      lowerByHalves(x, y, attributes, tables, onnx);
    }
  },
};

/** cos or sin of position · frequency, [T, headDim/2]. Angles in float64 whatever the table's type. */
function table(
  x: Value,
  { inverse, frequencies, positions }: RopeAttributes,
  kind: "cos" | "sin",
  onnx: OnnxEmitter,
): string {
  const tokens = positions ?? Number(x.shape[1]);
  const half = frequencies.length;
  const sign = kind === "sin" && inverse ? -1 : 1;
  const key = `rope.${x.dtype}.${kind}.${sign}.${tokens}.${frequencies}`;
  return onnx.constant(key, [tokens, half], () => {
    const angle = (index: number) => Math.floor(index / half) * frequencies[index % half];
    const values = Array.from({ length: tokens * half }, (_, index) => sign * Math[kind](angle(index)));
    return x.dtype === "float32" ? Float32Array.from(values) : Float64Array.from(values);
  });
}

/** (a, b) → (a·cos − b·sin, b·cos + a·sin) in standard operations: the fused one exists in float32 only. */
function lowerByHalves(
  x: Value,
  y: Value,
  { headDim }: RopeAttributes,
  tables: readonly string[],
  onnx: OnnxEmitter,
): void {
  const half = headDim / 2;
  const tokens = Number(x.shape[1]);
  const [cos, sin] = tables.map((name) => onnx.node("Reshape", [name, onnx.ints([tokens, 1, half])]));
  const split = onnx.node("Reshape", [x.name, onnx.ints([0, tokens, -1, headDim])]);
  const part = (from: number): string =>
    onnx.node("Slice", [split, onnx.ints([from]), onnx.ints([from + half]), onnx.ints([3])]);
  const [a, b] = [part(0), part(half)];
  const mul = (left: string, right: string): string => onnx.node("Mul", [left, right]);
  const first = onnx.node("Sub", [mul(a, cos), mul(b, sin)]);
  const second = onnx.node("Add", [mul(b, cos), mul(a, sin)]);
  const joined = onnx.node("Concat", [first, second], { attributes: { axis: { int: 3 } } });
  onnx.node("Reshape", [joined, onnx.ints([0, tokens, -1])], { outputs: [y.name] });
}
