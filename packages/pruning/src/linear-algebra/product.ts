import { subtractRowProducts } from "./panel.js";
import { transpose } from "./submatrix.js";

/** C += sign·A·B with A [m, k], B [k, n], C [m, n], row-major, in place. */
export function addProduct(
  c: Float64Array,
  a: Float64Array,
  b: Float64Array,
  size: { readonly m: number; readonly k: number; readonly n: number },
  sign: 1 | -1,
): void {
  const { m, k, n } = size;
  if (a.length !== m * k || b.length !== k * n || c.length !== m * n) {
    throw new RangeError(`product ${m}×${k}×${n} of arrays of ${a.length}, ${b.length} and ${c.length} numbers`);
  }
  const rows = transpose(b, k, n);
  if (sign > 0) for (let i = 0; i < rows.length; i++) rows[i] = -rows[i];
  subtractRowProducts(
    { data: c, at: 0, stride: n },
    { data: a, at: 0, stride: k },
    { data: rows, at: 0, stride: k },
    size,
  );
}
