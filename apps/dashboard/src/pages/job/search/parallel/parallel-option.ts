import { formatPerplexity } from "@espalier/contracts";
import type { ChartOption } from "../../../../charts/chart-option.js";
import type { Palette } from "../../../../charts/palette.js";
import { perplexityAxis } from "../../../../charts/perplexity-axis.js";
import type { TableData } from "../../../../charts/table-data.js";
import {
  bestFirst,
  choiceText,
  isTop,
  numberText,
  type Parallel,
  type ParallelRow,
  type ShownAxis,
  valueText,
} from "./parallel-data.js";

const ROW_HEIGHT = 62;
const EDGES = 90;
const WIDE_HEIGHT = 460;

/** More axes leave no room for their names side by side. */
const MOST_BESIDE = 11;

/** Whether axes lie one below the other instead of standing side by side. */
export const isStacked = (axes: number, isNarrow: boolean): boolean => isNarrow || axes > MOST_BESIDE;

export const parallelHeight = (axes: number, stacked: boolean): number =>
  stacked ? EDGES + ROW_HEIGHT * axes : WIDE_HEIGHT;

/** What a line of the chart carries. */
interface Line {
  readonly number: number;
  readonly value: readonly (number | null)[];
}

/** A line for each trial over its parameters to its score; lines of the best tenth stand out, the best one most. */
export function parallelOption(
  view: Parallel,
  axes: readonly ShownAxis[],
  palette: Palette,
  stacked: boolean,
): ChartOption {
  const line = (row: ParallelRow): Line => ({ number: row.number, value: axes.map(({ at }) => at(row)) });
  const sorted = bestFirst(view.rows);
  const [best, ...top] = sorted.filter((row) => isTop(row, view));
  const others = sorted.filter((row) => !isTop(row, view));
  const series = (name: string, rows: readonly ParallelRow[], z: number, lineStyle: object) => ({
    type: "parallel",
    name,
    z,
    lineStyle,
    inactiveOpacity: 0.02,
    activeOpacity: (lineStyle as { readonly opacity: number }).opacity,
    emphasis: { disabled: true },
    // A layer of their own below all else: a range that is being drawn does not draw the lines anew.
    zlevel: -1,
    progressive: 0,
    data: rows.map(line),
  });
  return {
    parallel: {
      ...(stacked ? { left: 16, right: 28, top: 40, bottom: 30 } : { left: 40, right: 60, top: 34, bottom: 24 }),
      layout: stacked ? "vertical" : "horizontal",
      parallelAxisDefault: { realtime: false, areaSelectStyle: { width: 22, color: palette.accent, opacity: 0.25 } },
    },
    parallelAxis: axes.map((axis, dim) => ({ id: axis.name, dim, ...axisOption(axis, palette, stacked) })),
    tooltip: {
      trigger: "item",
      formatter: ({ data }: { readonly data: Line }) => lineText(data, axes),
    },
    series: [
      series("other trials", others, 1, { color: palette.idle, width: 1, opacity: 0.22 }),
      series("best tenth", top, 2, { color: palette.found, width: 1.4, opacity: 0.6 }),
      series("best", best === undefined ? [] : [best], 3, { color: palette.text, width: 3, opacity: 1 }),
    ],
  };
}

function axisOption(axis: ShownAxis, palette: Palette, stacked: boolean): object {
  const { parameter, low, high } = axis;
  const name = axisName(axis);
  const common = {
    name,
    // Names stand at the top, or at the left; the score's axis runs the other way.
    nameLocation: stacked === (parameter === null) ? "end" : "start",
    nameGap: stacked ? 0 : 12,
    nameTextStyle: {
      color: palette.text,
      fontSize: 12,
      fontWeight: parameter === null ? "bold" : "normal",
      ...(stacked && { align: "left", verticalAlign: "bottom", padding: [0, 0, 8, 0] }),
    },
    nameTruncate: { maxWidth: stacked ? 240 : 130 },
    axisLine: { lineStyle: { color: palette["line-strong"] } },
    axisTick: { show: false },
    axisLabel: { color: palette.muted, fontSize: 11, hideOverlap: true },
  };
  if (parameter === null) {
    const { min, max, axisLabel } = perplexityAxis(palette, [low, high], "log", 6);
    // Better is lower, and better is up.
    return { ...common, type: "value", min, max, inverse: true, axisLabel: { ...common.axisLabel, ...axisLabel } };
  }
  if (parameter.choices !== null) {
    const { choices } = parameter;
    const customValues = choices.map((_, place) => place);
    const formatter = (place: number) => choiceText(choices[place]);
    return {
      ...common,
      type: "value",
      min: low,
      max: high,
      axisLabel: { ...common.axisLabel, customValues, formatter },
    };
  }
  const isLog = parameter.log && low > 0;
  const axisLabel = { ...common.axisLabel, formatter: numberText };
  return { ...common, type: isLog ? "log" : "value", min: low, max: high, splitNumber: stacked ? 3 : 5, axisLabel };
}

/** What an axis is called where it is shown. */
export const axisName = ({ name, parameter }: ShownAxis): string => (parameter === null ? "Perplexity" : name);

/** A place on an axis as text. */
export const placeText = ({ parameter }: ShownAxis, value: number | null): string =>
  parameter === null ? formatPerplexity(value === null ? null : Math.exp(value)) : valueText(parameter, value);

function lineText({ number, value }: Line, axes: readonly ShownAxis[]): string {
  const lines = axes.map((axis, place) => `${axisName(axis)}  ${placeText(axis, value[place] ?? null)}`);
  return [`Trial ${number}`, ...lines].join("\n");
}

/** The same for the reader's own tools, with all parameters. */
export const parallelTable = ({ axes, rows }: Parallel): TableData => ({
  columns: ["trial", "score", "perplexity", ...axes.map(({ name }) => name)],
  rows: bestFirst(rows).map(({ number, score, values }) => [
    number,
    score,
    Math.exp(score),
    ...axes.map(({ choices }, place) => {
      const value = values[place] ?? null;
      return choices === null || value === null ? value : choiceText(choices[value]);
    }),
  ]),
});
