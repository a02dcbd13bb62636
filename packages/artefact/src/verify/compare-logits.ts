/** How far the logits of another runtime are from ours, over some positions of real text. */
export interface LogitComparison {
  readonly positions: number;
  /** Largest |theirs − ours| over positions and tokens. */
  readonly largest: number;
  readonly mean: number;
  /** Largest difference of a next token's probability. */
  readonly probability: number;
  /** Share of the positions at which both find the same token likeliest. */
  readonly sameToken: number;
  /** Largest logit minus smallest of a position, the largest of them: what differences are small against. */
  readonly span: number;
}

/** Compares logits row by row; both have one row of the vocabulary's size per position. */
export function compareLogits(ours: readonly Float32Array[], theirs: readonly Float32Array[]): LogitComparison {
  if (ours.length !== theirs.length || ours.length === 0) {
    throw new RangeError(`${ours.length} and ${theirs.length} positions to compare`);
  }
  const rows = ours.map((row, at) => compareRows(row, theirs[at]));
  const most = (of: (row: RowComparison) => number): number => Math.max(...rows.map(of));
  return {
    positions: rows.length,
    largest: most((row) => row.largest),
    mean: rows.reduce((sum, { mean }) => sum + mean, 0) / rows.length,
    probability: most((row) => row.probability),
    sameToken: rows.filter(({ same }) => same).length / rows.length,
    span: most((row) => row.span),
  };
}

interface RowComparison {
  readonly largest: number;
  readonly mean: number;
  readonly probability: number;
  readonly same: boolean;
  readonly span: number;
}

function compareRows(ours: Float32Array, theirs: Float32Array): RowComparison {
  if (ours.length !== theirs.length) throw new RangeError(`${ours.length} and ${theirs.length} logits of one position`);
  const [p, q] = [softmax(ours), softmax(theirs)];
  let [largest, sum, probability] = [0, 0, 0];
  for (let token = 0; token < ours.length; token++) {
    const difference = Math.abs(theirs[token] - ours[token]);
    // Kept by a negated comparison: NaN stays.
    if (!(difference <= largest)) largest = difference;
    sum += difference;
    probability = Math.max(probability, Math.abs(p[token] - q[token]));
  }
  const [top, bottom] = extremes(ours);
  return {
    largest,
    mean: sum / ours.length,
    probability,
    same: ours.indexOf(top) === theirs.indexOf(extremes(theirs)[0]),
    span: top - bottom,
  };
}

function softmax(logits: Float32Array): Float64Array {
  const [top] = extremes(logits);
  const weights = Float64Array.from(logits, (logit) => Math.exp(logit - top));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function extremes(values: Float32Array): readonly [number, number] {
  let [top, bottom] = [values[0], values[0]];
  for (const value of values) {
    if (value > top) top = value;
    if (value < bottom) bottom = value;
  }
  return [top, bottom];
}
