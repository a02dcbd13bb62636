/** Element types of tensors in our graphs; `float16` and `int8` are those of stored weights and caches. */
export type DType = FloatType | "float16" | "int8" | "int64";

/** Element types that arithmetic runs in: float32 to work with, float64 to check gradients by finite differences. */
export type FloatType = "float32" | "float64";

/**
 * A size that is known only when the graph runs: the batch B, the KV heads of a layer K0, K1 …, its MLP channels F0 …, its
 * experts E0 …; in graphs with a cache the positions that come in S, those of the cache P, both together T,
 * and those whose logits are wanted N.
 */
export type DimSymbol = "B" | "S" | "P" | "T" | "N" | `K${number}` | `F${number}` | `E${number}`;

/** One dimension: a fixed size, or a multiple of a symbol such as "B", "127B" or "32K0". */
export type Dim = number | DimSymbol | `${number}${DimSymbol}`;

/** Dimensions, outermost first. */
export type Shape = readonly Dim[];

/** An edge of a graph: what one node produces and others read. */
export interface Value {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
}

const SYMBOLIC = /^(\d*)([BSPTNKFE]\d*)$/;

/** Splits a dimension in its factor and its symbol: "127B" is [127, "B"], 64 is [64, undefined]. */
export function factorOf(dim: Dim): readonly [factor: number, symbol: DimSymbol | undefined] {
  if (typeof dim === "number") return [dim, undefined];
  const [, factor = "", symbol = ""] = SYMBOLIC.exec(dim) ?? [];
  return [factor === "" ? 1 : Number(factor), symbol as DimSymbol];
}

/** The dimension that a factor times a symbol is written as. */
function dimOf(factor: number, symbol: DimSymbol | undefined): Dim {
  if (symbol === undefined) return factor;
  return factor === 1 ? symbol : `${factor}${symbol}`;
}

/** A dimension times a whole number. */
export function times(dim: Dim, count: number): Dim {
  const [factor, symbol] = factorOf(dim);
  return dimOf(factor * count, symbol);
}

/** Count of numbers in a shape, as factor and sorted symbols. */
function monomial(shape: Shape): readonly [factor: number, symbols: readonly DimSymbol[]] {
  const parts = shape.map(factorOf);
  const symbols = parts.flatMap(([, symbol]) => (symbol === undefined ? [] : [symbol])).sort();
  return [parts.reduce((product, [factor]) => product * factor, 1), symbols];
}

/** Product of dimensions; `undefined` where two of them are symbolic, for which a single dimension has no form. */
export function productOf(shape: Shape): Dim | undefined {
  const [factor, symbols] = monomial(shape);
  return symbols.length > 1 ? undefined : dimOf(factor, symbols[0]);
}

/** Whether two shapes hold equally many numbers whatever the symbols stand for. */
export function sameSize(a: Shape, b: Shape): boolean {
  return String(monomial(a)) === String(monomial(b));
}

/** Whether two shapes are written alike. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

/** A shape as people read it: `[B, 127, 64]`. */
export function describeShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}
