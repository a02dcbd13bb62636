/** Element types of tensors in our graphs; `bool` and others are not needed. */
export type DType = "float32" | "float64" | "int64";

/** Element types that arithmetic runs in: float32 to work with, float64 to check gradients by finite differences. */
export type FloatType = "float32" | "float64";

/** A multiple of the symbolic batch size: "B" or for example "127B". */
export type BatchDim = "B" | `${number}B`;

/** One dimension: a fixed size or a multiple of the batch size, which is known only when the graph runs. */
export type Dim = number | BatchDim;

export type Shape = readonly Dim[];

/** An edge of a graph: what one node produces and others read. */
export interface Value {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
}

/** Splits a dimension in its factor and whether the batch size multiplies it: "127B" is [127, true]. */
export function factorOf(dim: Dim): readonly [factor: number, batched: boolean] {
  if (typeof dim === "number") return [dim, false];
  return [dim === "B" ? 1 : Number(dim.slice(0, -1)), true];
}

/** The dimension that `factor` times the batch size is written as. */
export function batchDim(factor: number): BatchDim {
  return factor === 1 ? "B" : `${factor}B`;
}

/** Product of dimensions; `undefined` where two of them are batched (B² is not a size we can write). */
export function productOf(shape: Shape): Dim | undefined {
  let product = 1;
  let batched = false;
  for (const dim of shape) {
    const [factor, isBatched] = factorOf(dim);
    if (isBatched && batched) return undefined;
    product *= factor;
    batched ||= isBatched;
  }
  return batched ? batchDim(product) : product;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

/** A shape as people read it: `[B, 127, 64]`. */
export function describeShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}
