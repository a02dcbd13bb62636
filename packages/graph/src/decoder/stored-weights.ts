import { cast, gather, mul, reshape } from "../builder/expressions.js";
import type { GraphBuilder } from "../builder/graph-builder.js";
import { describeShape, type Shape, type Value } from "../builder/value.js";

/**
 * How the matrices of a written model are stored; vectors are float32 in all of them. `int8` has a float32 scale for each
 * row.
 */
export type WeightForm = "float32" | "float16" | "int8";

/** Name of the scales of an int8 matrix. */
export const scaleName = (matrix: string): string => `${matrix}_scale`;

/**
 * Weights that are part of the graph. What is computed with them is float32 on both sides; products of float16 matrices
 * are float16 themselves.
 */
export class StoredWeights {
  readonly #known = new Map<string, Value>();

  constructor(
    readonly builder: GraphBuilder,
    readonly form: WeightForm,
  ) {}

  /** A vector, float32. Throws RangeError for a shape that is none: matrices are read by `rows` and `product` only. */
  vector(name: string, shape: Shape): Value {
    const [length] = shape;
    if (shape.length !== 1 || typeof length !== "number")
      throw new RangeError(`'${name}' ${describeShape(shape)} is no vector`);
    return this.#parameter(name, "float32", [length]);
  }

  /** Rows of a matrix [V, D] by index [B, S]: float32 [B, S, D]. */
  rows(name: string, dims: readonly [number, number], indices: Value): Value {
    const g = this.builder;
    const rows = cast(g, gather(g, this.#matrix(name, dims), indices), "float32");
    if (this.form !== "int8") return rows;
    return mul(g, rows, gather(g, reshape(g, this.#scale(name, dims[0]), [dims[0], 1]), indices));
  }

  /** x Wᵀ of float32 x [..., in] and a matrix [out, in]: float32 [..., out]. */
  product(x: Value, name: string, dims: readonly [number, number]): Value {
    const g = this.builder;
    const matrix = this.#matrix(name, dims);
    if (this.form === "int8") {
      const weight = g.add("Dequantize", [matrix, this.#scale(name, dims[0])], {});
      return g.add("Linear", [x, weight], {});
    }
    return cast(g, g.add("Linear", [cast(g, x, this.form), matrix], {}), "float32");
  }

  #matrix(name: string, dims: readonly [number, number]): Value {
    return this.#parameter(name, this.form, dims);
  }

  #scale(name: string, rows: number): Value {
    return this.#parameter(scaleName(name), "float32", [rows]);
  }

  #parameter(name: string, dtype: WeightForm, dims: readonly number[]): Value {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const value = this.builder.parameter(name, dtype, dims);
    this.#known.set(name, value);
    return value;
  }
}
