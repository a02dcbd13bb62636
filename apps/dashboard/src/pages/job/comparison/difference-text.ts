import { formatPercent } from "@espalier/contracts";

/** What the found plan is beside a model, from the share by which its perplexity is lower. */
export const differenceText = (relative: number): string => `${formatPercent(Math.abs(relative))} ${side(relative)}`;

const side = (relative: number): string => (relative < 0 ? "worse" : "better");

/** The interval of such a share: "better" goes without saying. */
export function intervalText([low, high]: readonly [number, number]): string {
  if (low >= 0) return `${formatPercent(low)} to ${formatPercent(high)}`;
  if (high < 0) return `${formatPercent(-high)} to ${formatPercent(-low)} worse`;
  return `${differenceText(low)} to ${differenceText(high)}`;
}
