import { formatCount, formatPercent } from "@espalier/contracts";
import { axisStyle, type ChartOption } from "../../../charts/chart-option.js";
import type { Palette } from "../../../charts/palette.js";
import type { TableData } from "../../../charts/table-data.js";
import type { Ending, Race } from "./racing-data.js";

const SIZE = 6;

/** Share of the trials that the axis reaches over: the first of a search may be far behind. */
const SEEN_SHARE = 0.97;

/** Largest lag that is drawn. */
export function mostBehind(races: readonly Race[]): number {
  const lags = races.flatMap(({ behind }) => (behind === null ? [] : [behind])).sort((a, b) => a - b);
  return Math.max(0.01, lags[Math.floor(SEEN_SHARE * (lags.length - 1))] ?? 0);
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;

/** Each trial at its distance to the best one before it: below the line is better. */
export function raceOption(races: readonly Race[], palette: Palette): ChartOption {
  const most = mostBehind(races);
  const style = axisStyle(palette);
  const drawn = (isStopped: boolean) =>
    races
      .filter((race) => race.isStopped === isStopped && race.behind !== null && race.behind <= most)
      .map((race) => ({ value: [race.number, race.behind], race }));
  const series = (isStopped: boolean, itemStyle: object) => ({
    type: "scatter",
    symbolSize: SIZE,
    cursor: "pointer",
    itemStyle,
    data: drawn(isStopped),
  });
  return {
    grid: { left: 0, right: 14, top: 26, bottom: 22, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: {
      type: "value",
      min: "dataMin",
      max: "dataMax",
      minInterval: 1,
      name: "trial",
      nameLocation: "middle",
      nameGap: 26,
      ...style,
      axisLine: { ...style.axisLine, onZero: false },
      splitLine: { show: false },
      axisLabel: { ...style.axisLabel, hideOverlap: true, formatter: (n: number) => formatCount(n) },
    },
    yAxis: {
      type: "value",
      ...style,
      name: "perplexity above the best",
      nameTextStyle: { color: palette.muted, fontSize: 12, align: "left" },
      axisLabel: { ...style.axisLabel, formatter: percent },
    },
    tooltip: {
      trigger: "item",
      formatter: ({ data }: { readonly data: { readonly race: Race } }) => raceText(data.race),
    },
    series: [
      series(true, { color: palette.surface, borderColor: palette.idle, borderWidth: 1.2, opacity: 0.8 }),
      {
        ...series(false, { color: palette.found, opacity: 0.7 }),
        markLine: {
          silent: true,
          symbol: "none",
          data: [{ yAxis: 0 }],
          lineStyle: { color: palette.found, type: "solid", width: 1.6 },
          label: { formatter: "best before", color: palette.found, position: "insideEndTop" },
        },
      },
    ],
  };
}

function raceText({ number, isStopped, share, behind, rival }: Race): string {
  const lag =
    behind === null ? "" : `${formatPercent(Math.abs(behind))} ${behind < 0 ? "below" : "above"} the best before`;
  const read = isStopped ? `stopped after ${formatPercent(share)} of the text` : "read to the end";
  return [`Trial ${number}`, lag, read, rival === null ? "" : `raced against trial ${rival}`]
    .filter(Boolean)
    .join("\n");
}

/** How many trials were stopped in which part of the text. */
export function endingsOption(endings: readonly Ending[], palette: Palette): ChartOption {
  const style = axisStyle(palette);
  return {
    grid: { left: 0, right: 8, top: 26, bottom: 22, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: {
      type: "category",
      data: endings.map(({ upTo }) => `${Math.round(100 * upTo)} %`),
      name: "up to this share of the text",
      nameLocation: "middle",
      nameGap: 26,
      ...style,
      axisLabel: { ...style.axisLabel, hideOverlap: true },
    },
    yAxis: {
      type: "value",
      minInterval: 1,
      ...style,
      name: "trials stopped",
      nameTextStyle: { color: palette.muted, fontSize: 12, align: "left" },
    },
    tooltip: { trigger: "item" },
    series: [
      {
        type: "bar",
        data: endings.map(({ count }) => count),
        barCategoryGap: "18%",
        itemStyle: { color: palette.idle, borderRadius: [3, 3, 0, 0] },
      },
    ],
  };
}

/** The races for the reader's own tools. */
export const raceTable = (races: readonly Race[]): TableData => ({
  columns: ["trial", "rival", "stopped", "share read", "perplexity above the best before"],
  rows: races.map(({ number, rival, isStopped, share, behind }) => [
    number,
    rival,
    isStopped ? "yes" : "no",
    share,
    behind,
  ]),
});

export const endingsTable = (endings: readonly Ending[]): TableData => ({
  columns: ["up to this share of the text", "trials stopped"],
  rows: endings.map(({ upTo, count }) => [upTo, count]),
});
