import { formatPerplexity } from "@espalier/contracts";
import { axisStyle, type ChartOption } from "../../../charts/chart-option.js";
import type { Palette } from "../../../charts/palette.js";
import type { TableData } from "../../../charts/table-data.js";
import type { ComparedRow } from "./compared-rows.js";
import { differenceText, intervalText } from "./difference-text.js";

/** A model whose distance to the found plan is known. */
export interface Difference extends ComparedRow {
  readonly relative: number;
}

export const differencesOf = (rows: readonly ComparedRow[]): Difference[] =>
  rows.flatMap((row) => (row.relative === null ? [] : [{ ...row, relative: row.relative }]));

const ROW_HEIGHT = 26;
const AXES_HEIGHT = 74;

export const chartHeight = (rows: readonly Difference[]): number => AXES_HEIGHT + ROW_HEIGHT * Math.max(2, rows.length);

/** Half the height of a whisker's ends, in pixels. */
const CAP = 5;

interface Drawing {
  value(dimension: number): number;
  coord(point: readonly number[]): [number, number];
}

/** A line from one end of the interval to the other, with a stroke across each end. Values: place, low, high. */
const whisker = (stroke: string) => (_params: unknown, api: Drawing) => {
  const [left, y] = api.coord([api.value(1), api.value(0)]);
  const [right] = api.coord([api.value(2), api.value(0)]);
  const line = (x1: number, y1: number, x2: number, y2: number) => ({
    type: "line",
    shape: { x1, y1, x2, y2 },
    style: { stroke, lineWidth: 1.5 },
  });
  return {
    type: "group",
    children: [line(left, y, right, y), line(left, y - CAP, left, y + CAP), line(right, y - CAP, right, y + CAP)],
  };
};

/** How many times the found plan's perplexity a model has, as a place on the axis: equal factors, equal steps. */
const placeOf = (relative: number): number => -Math.log(1 - relative);

/** Factors from one line of the grid to the next. */
const steps = [1.05, 1.1, 1.25, 1.5, 2, 4, 10, 100, 1e4] as const;

/** Range and grid of the axis, the found plan's place 0 among the lines. */
export function axisOf(places: readonly number[], lines: number) {
  const [low, high] = [Math.min(0, ...places), Math.max(0, ...places)];
  const interval = Math.log(steps.find((step) => (high - low) / Math.log(step) <= lines) ?? 1e8);
  // A point on a line of the grid is not put on the edge.
  return {
    interval,
    min: interval * Math.floor(low / interval - 0.01),
    max: interval * Math.ceil(high / interval + 0.01),
  };
}

/** ×1.25; more digits than a step of the grid has are noise. */
const factorText = (place: number): string => `×${Number(Math.exp(place).toPrecision(3))}`;

/** A point for each model, its perplexity in multiples of the found plan's, with its interval; the best model on top. */
export function differenceOption(rows: readonly Difference[], palette: Palette, isNarrow: boolean): ChartOption {
  const whiskers = rows.map(({ interval }) => (interval === null ? [] : interval.map(placeOf)));
  const places = [...rows.map(({ relative }) => placeOf(relative)), ...whiskers.flat()];
  return {
    grid: { left: 0, right: 16, top: 26, bottom: 0, outerBoundsMode: "same", outerBoundsContain: "all" },
    xAxis: {
      type: "value",
      ...axisStyle(palette),
      ...axisOf(places, isNarrow ? 4 : 10),
      name: isNarrow ? "times the found plan's" : "perplexity, times that of the found plan",
      nameLocation: "middle",
      nameGap: 28,
      axisLabel: { color: palette.muted, fontSize: 12, hideOverlap: true, formatter: factorText },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: rows.map(({ model }) => model.name),
      ...axisStyle(palette),
      axisLabel: { color: palette.text, fontSize: 12, width: isNarrow ? 105 : 190, overflow: "truncate", interval: 0 },
    },
    tooltip: { trigger: "item", formatter: ({ dataIndex }: { dataIndex: number }) => described(rows[dataIndex]) },
    series: [
      {
        type: "custom",
        silent: true,
        renderItem: whisker(palette.muted),
        encode: { x: [1, 2], y: 0 },
        data: whiskers.flatMap((ends, place) => (ends.length === 0 ? [] : [[place, ...ends]])),
        z: 2,
      },
      {
        type: "scatter",
        data: rows.map(({ kind, relative }, place) => ({
          value: [placeOf(relative), place],
          symbol: kind === "dense" ? "diamond" : "circle",
          symbolSize: kind === "dense" ? 13 : 10,
          itemStyle: { color: palette[kind] },
        })),
        z: 3,
        markLine: {
          silent: true,
          symbol: "none",
          data: [{ xAxis: 0 }],
          lineStyle: { color: palette.found, type: "solid", width: 2 },
          label: { formatter: "found plan", color: palette.found, position: "start" },
        },
      },
    ],
  };
}

function described(row: Difference | undefined): string {
  if (row === undefined) return "";
  const { model, perplexity, relative, interval } = row;
  const lines = [model.name, `perplexity ${formatPerplexity(perplexity)}`, differenceText(relative)];
  return [...lines, ...(interval === null ? [] : [`95 % interval ${intervalText(interval)}`])].join("\n");
}

/** The same for the reader's own tools. */
export const differenceTable = (rows: readonly Difference[]): TableData => ({
  columns: ["model", "kind", "perplexity", "found plan is better by", "interval low", "interval high"],
  rows: rows.map(({ model, kind, perplexity, relative, interval }) => [
    model.name,
    kind,
    perplexity,
    relative,
    interval?.[0] ?? null,
    interval?.[1] ?? null,
  ]),
});
