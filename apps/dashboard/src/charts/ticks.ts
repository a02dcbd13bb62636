/** Steps of a grid within a power of ten. */
const STEPS = [1, 2, 5, 10] as const;

/** The largest powers of ten apart that a grid names in between. */
const DENSE_DECADES = 1.5;

/** Round numbers from `low` to `high`, about `count` of them: at equal distances, or at equal factors. */
export function roundTicks(low: number, high: number, count: number, scale: "linear" | "log"): number[] {
  if (!(high > low)) return [low];
  if (scale === "log" && low > 0 && Math.log10(high / low) > DENSE_DECADES) return decadeTicks(low, high, count);
  const power = 10 ** Math.floor(Math.log10((high - low) / count));
  const step = power * (STEPS.find((factor) => (high - low) / (factor * power) <= count) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}

/** Of 1, 2 and 5 in each power of ten, or powers alone, as many as there is room for. */
function decadeTicks(low: number, high: number, count: number): number[] {
  const first = Math.floor(Math.log10(low));
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, k) => first + k);
  const within = (factors: readonly number[]): number[] =>
    powers
      .flatMap((power) => factors.map((factor) => Number((factor * 10 ** power).toPrecision(12))))
      .filter((tick) => tick >= low && tick <= high);
  const fine = within([1, 2, 5]);
  if (fine.length <= count) return fine;
  const coarse = within([1]);
  const every = Math.ceil(coarse.length / count);
  return coarse.filter((_, k) => k % every === 0);
}
