/** The reference point lies this share beyond the worst value of each objective (Optuna's choice). */
const BEYOND = 1.1;
const BEYOND_NEGATIVE = 0.9;
/** Stands for a coordinate of exactly 0, which a factor cannot move. */
const TINY = 1e-12;

/** A point worse than all of `points` in every objective (smaller is better); infinite where the worst value is. */
export function referencePoint(points: readonly (readonly number[])[]): number[] {
  const objectives = points[0]?.length ?? 0;
  return Array.from({ length: objectives }, (_, i) => {
    const worst = points.reduce((high, point) => Math.max(high, point[i]), -Infinity);
    const beyond = Math.max(BEYOND * worst, BEYOND_NEGATIVE * worst);
    return beyond === 0 ? TINY : beyond;
  });
}
