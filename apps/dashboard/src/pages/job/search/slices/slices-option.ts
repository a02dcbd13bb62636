import { formatPerplexity } from "@espalier/contracts";
import { axisStyle, type ChartOption } from "../../../../charts/chart-option.js";
import type { Palette } from "../../../../charts/palette.js";
import { perplexityAxis } from "../../../../charts/perplexity-axis.js";
import type { TableData } from "../../../../charts/table-data.js";
import {
  bestFirst,
  choiceText,
  isTop,
  numberText,
  type Parallel,
  type Parameter,
  valueText,
} from "../parallel/parallel-data.js";

/** One trial at its value of a parameter. */
export interface SlicePoint {
  readonly number: number;
  readonly value: number;
  readonly score: number;
  readonly isTop: boolean;
}

/** One parameter's trials, by score. */
export interface Slice {
  readonly parameter: Parameter;
  readonly points: readonly SlicePoint[];
}

/** Trials at their values of the named parameter, the best first; undefined where the space has no such parameter. */
export function sliceOf(view: Parallel, name: string): Slice | undefined {
  const place = view.axes.findIndex((axis) => axis.name === name);
  const parameter = view.axes[place];
  if (parameter === undefined) return undefined;
  const points = bestFirst(view.rows).flatMap((row) => {
    const value = row.values[place] ?? null;
    return value === null ? [] : [{ number: row.number, value, score: row.score, isTop: isTop(row, view) }];
  });
  return { parameter, points };
}

/** Width of the strip of a choice: 1 is where the next one begins. */
const STRIP = 0.6;

/** Golden ratio: its multiples fill a strip evenly, in whatever order. */
const SPREAD = 0.618_033_988_75;

/** Where a point lies across: points of a choice are spread over a strip, always alike. */
export const across = ({ choices }: Parameter, { value, number }: SlicePoint): number =>
  choices === null ? value : value + STRIP * (((number * SPREAD) % 1) - 0.5);

/** Score against the parameter's value; the best tenth stands out and the best trial is marked. */
export function sliceOption({ parameter, points }: Slice, palette: Palette, isNarrow: boolean): ChartOption {
  const [best, ...rest] = points;
  const drawn = (some: readonly SlicePoint[]) =>
    some.map((point) => ({ value: [across(parameter, point), point.score], point }));
  const series = (name: string, some: readonly SlicePoint[], size: number, itemStyle: object, z: number) => ({
    type: "scatter",
    name,
    z,
    symbolSize: size,
    itemStyle,
    cursor: "pointer",
    data: drawn(some),
  });
  return {
    grid: { left: 0, right: 16, top: 24, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "all" },
    xAxis: valueAxis(parameter, points, palette),
    yAxis: {
      ...perplexityAxis(
        palette,
        points.map(({ score }) => score),
        "log",
        8,
      ),
      name: "perplexity",
      nameTextStyle: { color: palette.muted, fontSize: 12, align: "left" },
    },
    tooltip: {
      trigger: "item",
      formatter: ({ data }: { readonly data: { readonly point: SlicePoint } }) => pointText(parameter, data.point),
    },
    series: [
      series(
        "other trials",
        rest.filter(({ isTop: top }) => !top),
        isNarrow ? 5 : 6,
        { color: palette.idle, opacity: 0.5 },
        1,
      ),
      series(
        "best tenth",
        rest.filter(({ isTop: top }) => top),
        isNarrow ? 6 : 8,
        { color: palette.found, opacity: 0.75 },
        2,
      ),
      {
        ...series(
          "best",
          best === undefined ? [] : [best],
          16,
          { color: palette.text, borderColor: palette.surface, borderWidth: 1 },
          3,
        ),
        symbol: "diamond",
      },
    ],
  };
}

function valueAxis(parameter: Parameter, points: readonly SlicePoint[], palette: Palette): object {
  const style = axisStyle(palette);
  const { choices, name } = parameter;
  const common = { name, nameLocation: "middle", nameGap: 30, ...style };
  if (choices !== null) {
    const customValues = choices.map((_, place) => place);
    return {
      ...common,
      type: "value",
      min: -0.5,
      max: choices.length - 0.5,
      splitLine: { show: false },
      axisTick: { show: false },
      axisLabel: { ...style.axisLabel, customValues, formatter: (place: number) => choiceText(choices[place]) },
    };
  }
  const values = points.map(({ value }) => value);
  const low = Math.min(parameter.low ?? Number.POSITIVE_INFINITY, ...values);
  const high = Math.max(parameter.high ?? Number.NEGATIVE_INFINITY, ...values);
  const isLog = parameter.log && low > 0;
  const axisLabel = { ...style.axisLabel, formatter: numberText, hideOverlap: true };
  return { ...common, type: isLog ? "log" : "value", min: low, max: high, axisLabel };
}

const pointText = (parameter: Parameter, { number, value, score }: SlicePoint): string =>
  [
    `Trial ${number}`,
    `${parameter.name}  ${valueText(parameter, value)}`,
    `perplexity  ${formatPerplexity(Math.exp(score))}`,
  ].join("\n");

/** The same for the reader's own tools. */
export const sliceTable = ({ parameter, points }: Slice): TableData => ({
  columns: ["trial", parameter.name, "score", "perplexity"],
  rows: points.map(({ number, value, score }) => [
    number,
    parameter.choices === null ? value : choiceText(parameter.choices[value]),
    score,
    Math.exp(score),
  ]),
});
