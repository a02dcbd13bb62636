import type { AnswerOf } from "@espalier/client";
import type { Brushes } from "../search-search.js";

export type Parallel = AnswerOf<"getParallel">;
export type ParallelRow = Parallel["rows"][number];
export type Parameter = Parallel["axes"][number];

/** Axis of the score, and its name in brushes: no parameter has this name. */
export const SCORE = "@score";

/** Parameters that are shown unless others are chosen. */
const SHOWN = 7;

/** One axis that is drawn, the score's without a parameter. */
export interface ShownAxis {
  readonly name: string;
  readonly parameter: Parameter | null;
  /** Where rows lie on it; null: a row has no value. */
  readonly at: (row: ParallelRow) => number | null;
  readonly low: number;
  readonly high: number;
}

/** Names of all parameters, the most important first, those of equal importance in the order of the space. */
export function byImportance(
  axes: readonly Parameter[],
  importances: readonly { readonly name: string; readonly importance: number }[],
): string[] {
  const known = new Map(importances.map(({ name, importance }) => [name, importance]));
  return axes.map(({ name }) => name).sort((a, b) => (known.get(b) ?? 0) - (known.get(a) ?? 0));
}

/** Names that are shown: the chosen ones that exist, or the first by importance. */
export function shownNames(ordered: readonly string[], chosen: readonly string[] | undefined): string[] {
  const wanted = new Set(chosen);
  const known = ordered.filter((name) => wanted.has(name));
  return known.length > 0 ? known : ordered.slice(0, SHOWN);
}

/** The axes by name, and last that of the score. */
export function shownAxes({ axes, rows }: Parallel, names: readonly string[]): ShownAxis[] {
  const parameters = names.flatMap((name) => {
    const place = axes.findIndex((axis) => axis.name === name);
    const parameter = axes[place];
    if (parameter === undefined) return [];
    const at = (row: ParallelRow) => row.values[place] ?? null;
    return [{ name, parameter, at, ...rangeOf(parameter, rows, at) }];
  });
  const scores = rows.map(({ score }) => score);
  const score: ShownAxis = {
    name: SCORE,
    parameter: null,
    at: (row) => row.score,
    low: Math.min(...scores),
    high: Math.max(...scores),
  };
  return [...parameters, score];
}

/** The range that is searched, widened to what was tried: starts may lie outside. */
function rangeOf(parameter: Parameter, rows: readonly ParallelRow[], at: ShownAxis["at"]) {
  if (parameter.choices !== null) return { low: -0.5, high: parameter.choices.length - 0.5 };
  const values = rows.map(at).filter((value) => value !== null);
  return { low: Math.min(parameter.low ?? 0, ...values), high: Math.max(parameter.high ?? 1, ...values) };
}

/** Rows that lie in every chosen range of the axes. */
export function matching(rows: readonly ParallelRow[], axes: readonly ShownAxis[], brushes: Brushes): ParallelRow[] {
  const ranges = axes.flatMap(({ name, at }) => {
    const range = brushes[name];
    return range === undefined ? [] : [{ at, range }];
  });
  return rows.filter((row) =>
    ranges.every(({ at, range: [low, high] }) => {
      const value = at(row);
      return value !== null && value >= low && value <= high;
    }),
  );
}

/** Whether a row is of the best tenth. */
export const isTop = ({ score }: ParallelRow, { top_score }: Parallel): boolean =>
  top_score !== null && score <= top_score;

export const bestFirst = (rows: readonly ParallelRow[]): ParallelRow[] =>
  rows.toSorted((a, b) => a.score - b.score || a.number - b.number);

const MOST_DIGITS = 4;

/** A value on an axis as text: of a choice its name. */
export function valueText(parameter: Parameter, value: number | null): string {
  if (value === null) return "–";
  if (parameter.choices !== null) return choiceText(parameter.choices[Math.round(value)]);
  return numberText(value);
}

export const choiceText = (choice: string | number | boolean | null | undefined): string =>
  choice === undefined ? "" : typeof choice === "string" ? choice.replaceAll("_", " ") : String(choice);

export const numberText = (value: number): string => {
  const rounded = Number(value.toPrecision(MOST_DIGITS));
  return rounded !== 0 && Math.abs(rounded) < 1e-3 ? rounded.toExponential() : String(rounded);
};
