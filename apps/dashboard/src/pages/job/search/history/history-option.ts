import { formatPerplexity } from "@espalier/contracts";
import { axisStyle, type ChartOption } from "../../../../charts/chart-option.js";
import type { Palette } from "../../../../charts/palette.js";
import { perplexityAxis, placeOn, type Scale } from "../../../../charts/perplexity-axis.js";
import type { TableData } from "../../../../charts/table-data.js";
import type { Course, Mark, Point } from "./history-data.js";

/** How the chart is looked at. */
export interface Look {
  readonly scale: Scale;
  /** First and last trial that is seen. */
  readonly range: readonly [number, number];
  /** The largest number of the job. */
  readonly last: number;
  readonly isNarrow: boolean;
}

/** Share of the perplexities that a linear axis reaches over; what lies higher would press all else flat. */
const SEEN_SHARE = 0.95;

/** The highest perplexity that is drawn. */
export function ceilingOf({ points, baselines }: Course, scale: Scale): number {
  const known = points.flatMap(({ perplexity }) => (perplexity === null ? [] : [perplexity])).sort((a, b) => a - b);
  const highest = known.at(-1) ?? 1;
  const marks = baselines.slice(0, 1).map(({ perplexity }) => perplexity);
  const seen = known[Math.floor(SEEN_SHARE * (known.length - 1))] ?? 1;
  return Math.max(scale === "log" ? highest : seen, ...marks);
}

/** So many circles are drawn anew well within a frame or two. */
const MOST_FOLLOWING = 500;

/** Every trial by its state, the best so far as steps, baselines and dense model as lines. */
export function historyOption(course: Course, palette: Palette, look: Look): ChartOption {
  const { scale, range, last, isNarrow } = look;
  const ceiling = ceilingOf(course, scale);
  const places = placesOf(course, ceiling).map((perplexity) => placeOn(perplexity, scale));
  const axis = perplexityAxis(palette, places, scale, 8);
  const style = axisStyle(palette);
  // Many circles follow the zoom when it is let go; drawn anew with every move they would make it stutter.
  const realtime = course.points.length <= MOST_FOLLOWING;
  const zoom = { startValue: range[0], endValue: range[1], filterMode: "none", throttle: 60, realtime };
  return {
    grid: { left: 0, right: 14, top: 26, bottom: 46, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: {
      type: "value",
      min: 0,
      max: Math.max(1, last),
      minInterval: 1,
      ...style,
      splitLine: { show: false },
      axisLabel: { ...style.axisLabel, hideOverlap: true, formatter: (n: number) => n.toLocaleString("en-US") },
    },
    yAxis: {
      ...axis,
      name: "perplexity",
      nameTextStyle: { color: palette.muted, fontSize: 12, align: "left" },
    },
    dataZoom: [
      {
        type: "slider",
        ...zoom,
        height: 22,
        bottom: 4,
        showDataShadow: false,
        labelFormatter: (n: number) => Math.round(n).toLocaleString("en-US"),
        textStyle: { color: palette.muted },
        borderColor: palette.line,
        fillerColor: "transparent",
        handleStyle: { color: palette.surface, borderColor: palette["line-strong"] },
        moveHandleStyle: { color: palette["line-strong"] },
        selectedDataBackground: { lineStyle: { opacity: 0 }, areaStyle: { opacity: 0 } },
      },
      // The wheel alone scrolls the page.
      { type: "inside", ...zoom, zoomOnMouseWheel: "shift", moveOnMouseWheel: false },
    ],
    tooltip: {
      trigger: "item",
      formatter: ({ data }: { readonly data: { readonly point?: Point } }) => pointText(data.point),
    },
    series: [
      ...scatters(course, palette, { scale, ceiling, top: axis.max, isNarrow }),
      bestLine(course, palette, look),
    ],
  };
}

/** A dense model that is better by a larger factor is left below the axis: it would press all trials flat. */
const NEAR = 1.7;

/** What the axis must reach over. */
function placesOf({ points, baselines, dense }: Course, ceiling: number): number[] {
  const drawn = points.flatMap(({ perplexity, best }) => [perplexity, best].filter((value) => value !== null));
  const within = [...drawn, ...baselines.slice(0, 1).map(({ perplexity }) => perplexity)].filter(
    (perplexity) => perplexity <= ceiling,
  );
  if (within.length === 0) return [1, 2];
  const isNear = dense !== null && Math.min(...within) <= NEAR * dense.perplexity;
  return isNear ? [...within, dense.perplexity] : within;
}

interface Drawing {
  readonly scale: Scale;
  readonly ceiling: number;
  /** Place where trials without a perplexity stand. */
  readonly top: number;
  readonly isNarrow: boolean;
}

/** Points of a series from which they are drawn as one. */
const LARGE_SERIES = 300;

function scatters({ points }: Course, palette: Palette, { scale, ceiling, top, isNarrow }: Drawing): object[] {
  const size = isNarrow ? 5 : 6;
  const series = (state: Point["state"], symbol: string, symbolSize: number, itemStyle: object) => ({
    type: "scatter",
    name: state,
    // A layer of their own below all else: what moves above them does not draw them anew.
    zlevel: -1,
    symbol,
    symbolSize,
    itemStyle,
    cursor: "pointer",
    // One path for many circles: as elements of their own they cost a frame of more than 100 ms at each zoom.
    large: true,
    largeThreshold: LARGE_SERIES,
    data: points
      .filter((point) => point.state === state && (point.perplexity ?? 0) <= ceiling)
      .map((point) => {
        const place = point.perplexity === null ? top : placeOn(point.perplexity, scale);
        return { value: [point.number, place], point };
      }),
  });
  const hollow = { color: palette.surface, borderColor: palette.idle, borderWidth: 1, opacity: 0.7 };
  return [
    series("pruned", "circle", size - 1, hollow),
    series("completed", "circle", size, { color: palette.found, opacity: 0.55 }),
    series("infeasible", "triangle", size + 2, { color: palette.warn }),
    series("failed", "diamond", size + 2, { color: palette.bad }),
  ];
}

function bestLine(course: Course, palette: Palette, { scale, last, isNarrow }: Look): object {
  const { points, baselines, dense } = course;
  const known = points.flatMap(({ number, best }) => (best === null ? [] : [[number, placeOn(best, scale)]]));
  const end = known.at(-1);
  const [best, ...others] = baselines;
  const mark = ({ name, perplexity }: Mark, color: string, type: string, width: number, label: string) => ({
    yAxis: placeOn(perplexity, scale),
    name,
    lineStyle: { color, type, width },
    label: {
      show: label !== "",
      formatter: `${label} ${formatPerplexity(perplexity)}`,
      color,
      position: "insideEndTop",
    },
  });
  const refined = refinementFrom(points);
  return {
    type: "line",
    name: "best so far",
    step: "end",
    symbol: "none",
    silent: true,
    lineStyle: { color: palette.found, width: 2.5 },
    z: 5,
    data: end === undefined ? known : [...known, [Math.max(last, end[0] ?? 0), end[1]]],
    markLine: {
      symbol: "none",
      silent: true,
      data: [
        ...others.map((baseline) => mark(baseline, palette.baseline, "dotted", 0.6, "")),
        ...(best
          ? [mark(best, palette.baseline, "dashed", 1.6, isNarrow ? "baseline" : `best baseline, ${best.name}`)]
          : []),
        ...(dense ? [mark(dense, palette.dense, "solid", 1.6, "dense")] : []),
        ...(refined === undefined
          ? []
          : [
              {
                xAxis: refined,
                lineStyle: { color: palette["line-strong"], type: "dashed", width: 1 },
                label: { formatter: "refinement", color: palette.muted, position: "end", distance: 4 },
              },
            ]),
      ],
    },
  };
}

/** Number of the first drawn trial that refines, where others come before it. */
export function refinementFrom(points: readonly Point[]): number | undefined {
  const first = points.findIndex(({ origin }) => origin === "refinement");
  return first > 0 ? points[first]?.number : undefined;
}

const stateTexts: Partial<Record<Point["state"], string>> = { pruned: "stopped by racing, an estimate" };

function pointText(point: Point | undefined): string {
  if (point === undefined) return "";
  const { number, state, perplexity, origin } = point;
  const reached = perplexity === null ? "no perplexity" : `perplexity ${formatPerplexity(perplexity)}`;
  return [`Trial ${number}`, reached, stateTexts[state] ?? state, ...(origin === null ? [] : [origin])].join("\n");
}

/** The same for the reader's own tools. */
export const historyTable = ({ points, baselines, dense }: Course): TableData => ({
  columns: ["trial", "state", "origin", "perplexity", "best so far"],
  rows: [
    ...points.map(({ number, state, origin, perplexity, best }) => [number, state, origin, perplexity, best]),
    ...baselines.map(({ name, perplexity }) => [name, "baseline", null, perplexity, null]),
    ...(dense ? [[dense.name, "dense", null, dense.perplexity, null]] : []),
  ],
});
