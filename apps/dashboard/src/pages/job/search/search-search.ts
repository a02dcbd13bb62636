import type { Scale } from "../../../charts/perplexity-axis.js";

const searchViews = ["history", "parallel", "importance", "slices"] as const;
export type SearchView = (typeof searchViews)[number];

export const DEFAULT_VIEW: SearchView = "history";

/** Chosen ranges by axis, lowest and highest value. */
export type Brushes = Readonly<Record<string, readonly [number, number]>>;

/** What the URL of the search's views says; what is absent is the view's default. */
export interface SearchSearch {
  readonly view?: SearchView;
  /** History: the target that is shown; absent: all of them together. */
  readonly sparsity?: number;
  readonly scale?: Scale;
  /** History: first and last trial number. */
  readonly from?: number;
  readonly to?: number;
  /** Parallel coordinates: parameters that are shown. */
  readonly axes?: readonly string[];
  readonly brush?: Brushes;
  /** Importance: share of the trials that counts as best. */
  readonly quantile?: number;
  /** Slices: the parameter that is shown. */
  readonly parameter?: string;
}

/** Reads the search of a URL; what makes no sense is as if it were not there. */
export function searchSearch(raw: Record<string, unknown>): SearchSearch {
  const view = searchViews.find((known) => known === raw["view"]);
  const sparsity = between(raw["sparsity"], 0, 1);
  const quantile = between(raw["quantile"], 0, 0.9);
  const from = trialNumber(raw["from"]);
  const to = trialNumber(raw["to"]);
  const { scale, axes, parameter } = raw;
  const brush = brushes(raw["brush"]);
  return {
    ...(view !== undefined && view !== DEFAULT_VIEW && { view }),
    ...(sparsity !== undefined && { sparsity }),
    ...(scale === "linear" && { scale }),
    ...(from !== undefined && (to === undefined || from <= to) && { from }),
    ...(to !== undefined && (from === undefined || from <= to) && { to }),
    ...(isNames(axes) && { axes }),
    ...(brush !== undefined && { brush }),
    ...(quantile !== undefined && { quantile }),
    ...(typeof parameter === "string" && parameter !== "" && { parameter }),
  };
}

const between = (value: unknown, low: number, high: number): number | undefined =>
  typeof value === "number" && value > low && value <= high ? value : undefined;

/** No job has more trials. */
const LARGEST_NUMBER = 10_000_000;

const trialNumber = (value: unknown): number | undefined =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= LARGEST_NUMBER
    ? (value as number)
    : undefined;

const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string");

function brushes(value: unknown): Brushes | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const known = Object.entries(value).flatMap(([axis, range]) => (isRange(range) ? [[axis, range] as const] : []));
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

const isRange = (value: unknown): value is readonly [number, number] =>
  Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] <= value[1];
