/** From the shortest to the longest that is likely. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export const nothing: Interval = { low: 0, high: 0 };

export const times = (count: number, { low, high }: Interval): Interval => ({ low: count * low, high: count * high });

export const plus = (...terms: readonly Interval[]): Interval => ({
  low: terms.reduce((sum, { low }) => sum + low, 0),
  high: terms.reduce((sum, { high }) => sum + high, 0),
});

/** The smallest interval that holds all of them. */
export const hull = (terms: readonly Interval[]): Interval => ({
  low: Math.min(...terms.map(({ low }) => low)),
  high: Math.max(...terms.map(({ high }) => high)),
});
