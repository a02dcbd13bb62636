import { logGaussMass, logNdtr } from "../numeric/normal.js";
import { truncatedNormalQuantile } from "../numeric/truncated-normal.js";
import { compareNumber, compareNumbers, type Difference, firstOf, LOGS, relative, within } from "./compare.js";
import { asList, asNumbers, type Fixture } from "./fixture.js";

/** Around zero the reference forms 1 - cdf(a) - cdf(-b), which cancels for intervals narrower than this. */
const CANCELLING_WIDTH = 1e-6;
const CANCELLED = relative(1e-7);
const QUANTILE_SHARE = 1e-6;

/** Log cdf, log mass of intervals, and quantiles of the truncated normal. */
export function checkTruncatedNormal({ input, expected }: Fixture): Difference | null {
  const intervals = asList(input["ab"] ?? [], "ab").map((pair): readonly [number, number] => {
    const [a = Number.NaN, b = Number.NaN] = asNumbers(pair, "ab");
    return [a, b];
  });
  const quantiles = asNumbers(input["q"] ?? [], "q");
  const masses = asList(expected["log_gauss_mass"] ?? [], "log_gauss_mass");
  const rows = asList(expected["ppf"] ?? [], "ppf");
  return firstOf([
    () => compareNumbers("log_ndtr", expected["log_ndtr"] ?? [], asNumbers(input["z"] ?? [], "z").map(logNdtr), LOGS),
    ...masses.map((mass, i) => () => {
      const [a, b] = intervals[i];
      const cancels = a < 0 && b > 0 && b - a < CANCELLING_WIDTH;
      return compareNumber(`log_gauss_mass[${i}]`, mass, logGaussMass(a, b), cancels ? CANCELLED : LOGS);
    }),
    ...rows.map((row, i) => () => {
      const [a, b] = intervals[i];
      const found = quantiles.map((q) => truncatedNormalQuantile(q, a, b));
      return compareNumbers(`ppf[${i}]`, row, found, within(QUANTILE_SHARE * (b - a)));
    }),
  ]);
}
