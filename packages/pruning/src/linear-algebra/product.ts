/**
 * C += sign·A·B with A [m, k], B [k, n], C [m, n], row-major, in place.
 * Four rows of B at a time are added to a row of C: each load and store of C serves four products.
 */
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
  const blocks = k - (k % 4);
  for (let i = 0; i < m; i++) {
    const out = i * n;
    let p = 0;
    for (; p < blocks; p += 4) {
      const a0 = sign * a[i * k + p];
      const a1 = sign * a[i * k + p + 1];
      const a2 = sign * a[i * k + p + 2];
      const a3 = sign * a[i * k + p + 3];
      const b0 = p * n;
      const b1 = b0 + n;
      const b2 = b1 + n;
      const b3 = b2 + n;
      for (let j = 0; j < n; j++) c[out + j] += a0 * b[b0 + j] + a1 * b[b1 + j] + a2 * b[b2 + j] + a3 * b[b3 + j];
    }
    for (; p < k; p++) {
      const a0 = sign * a[i * k + p];
      const b0 = p * n;
      for (let j = 0; j < n; j++) c[out + j] += a0 * b[b0 + j];
    }
  }
}
