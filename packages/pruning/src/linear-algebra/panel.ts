/** A block of a row-major matrix: its element (i, j) is `data[at + i·stride + j]`. */
export interface Panel {
  readonly data: Float64Array;
  readonly at: number;
  readonly stride: number;
}

/** Counts of a product of panels: C [m, n] from A [m, k] and B [n, k]. */
export interface PanelSize {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** Columns that are worked on at once: most of the arithmetic is then between panels, and the rest stays in the cache. */
export const BLOCK = 8;

/**
 * C −= A·Bᵀ, in place. Two rows of A meet four of B at a time: six loads then serve eight products, where a product of two
 * rows alone loads two numbers for each. C may be a part of the array of A or B that is not read here.
 */
export function subtractRowProducts(c: Panel, a: Panel, b: Panel, { m, n, k }: PanelSize): void {
  const wide = n - (n % 4);
  const tall = m - (m % 2);
  for (let i = 0; i < tall; i += 2) {
    for (let j = 0; j < wide; j += 4) subtractTile(c, a, b, i, j, k);
    for (let j = wide; j < n; j++) {
      subtractOne(c, a, b, i, j, k);
      subtractOne(c, a, b, i + 1, j, k);
    }
  }
  if (tall < m) for (let j = 0; j < n; j++) subtractOne(c, a, b, tall, j, k);
}

function subtractTile(c: Panel, a: Panel, b: Panel, i: number, j: number, k: number): void {
  const [x, y] = [a.data, b.data];
  const x0 = a.at + i * a.stride;
  const x1 = x0 + a.stride;
  const y0 = b.at + j * b.stride;
  const y1 = y0 + b.stride;
  const y2 = y1 + b.stride;
  const y3 = y2 + b.stride;
  let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let p = 0; p < k; p++) {
    const u = x[x0 + p];
    const v = x[x1 + p];
    s00 += u * y[y0 + p];
    s10 += v * y[y0 + p];
    s01 += u * y[y1 + p];
    s11 += v * y[y1 + p];
    s02 += u * y[y2 + p];
    s12 += v * y[y2 + p];
    s03 += u * y[y3 + p];
    s13 += v * y[y3 + p];
  }
  const top = c.at + i * c.stride + j;
  const bottom = top + c.stride;
  c.data[top] -= s00;
  c.data[top + 1] -= s01;
  c.data[top + 2] -= s02;
  c.data[top + 3] -= s03;
  c.data[bottom] -= s10;
  c.data[bottom + 1] -= s11;
  c.data[bottom + 2] -= s12;
  c.data[bottom + 3] -= s13;
}

function subtractOne(c: Panel, a: Panel, b: Panel, i: number, j: number, k: number): void {
  c.data[c.at + i * c.stride + j] -= dotRange(a.data, a.at + i * a.stride, b.data, b.at + j * b.stride, k);
}

/** Σ_p x[xStart + p]·y[yStart + p] for p < count. */
export function dotRange(x: Float64Array, xStart: number, y: Float64Array, yStart: number, count: number): number {
  let sum = 0;
  for (let p = 0; p < count; p++) sum += x[xStart + p] * y[yStart + p];
  return sum;
}
