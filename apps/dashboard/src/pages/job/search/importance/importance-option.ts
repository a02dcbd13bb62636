import type { AnswerOf } from "@espalier/client";
import { formatPercent } from "@espalier/contracts";
import { axisStyle, type ChartOption } from "../../../../charts/chart-option.js";
import type { Palette } from "../../../../charts/palette.js";
import type { TableData } from "../../../../charts/table-data.js";

export type Importance = AnswerOf<"getImportance">;

const ROW_HEIGHT = 24;
const AXIS_HEIGHT = 44;
/** Bars beyond these are too small to be seen; the table has all. */
const SHOWN = 30;

const shownOf = ({ parameters }: Importance) => parameters.slice(0, SHOWN);

export const importanceHeight = (view: Importance): number => AXIS_HEIGHT + ROW_HEIGHT * shownOf(view).length;

/** A bar for each parameter, the most important on top. */
export function importanceOption(view: Importance, palette: Palette, isNarrow: boolean): ChartOption {
  const shown = shownOf(view);
  const style = axisStyle(palette);
  return {
    grid: { left: 0, right: 56, top: 4, bottom: 0, outerBoundsMode: "same", outerBoundsContain: "all" },
    xAxis: {
      type: "value",
      min: 0,
      ...style,
      splitNumber: isNarrow ? 3 : 6,
      axisLabel: {
        ...style.axisLabel,
        hideOverlap: true,
        formatter: (share: number) => `${Math.round(100 * share)} %`,
      },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: shown.map(({ name }) => name),
      ...style,
      axisTick: { show: false },
      axisLabel: { color: palette.text, fontSize: 12, interval: 0, width: isNarrow ? 120 : 220, overflow: "truncate" },
    },
    tooltip: {
      trigger: "item",
      formatter: ({ dataIndex }: { readonly dataIndex: number }) => {
        const parameter = shown[dataIndex];
        return parameter === undefined ? "" : `${parameter.name}\n${formatPercent(parameter.importance)}`;
      },
    },
    series: [
      {
        type: "bar",
        data: shown.map(({ importance }) => importance),
        barMaxWidth: 16,
        cursor: "pointer",
        itemStyle: { color: palette.accent, borderRadius: [0, 3, 3, 0] },
        label: {
          show: true,
          position: "right",
          color: palette.text,
          formatter: ({ value }: { readonly value: number }) => formatPercent(value),
        },
      },
    ],
  };
}

/** What the importances say, in a sentence. */
export function importanceSentence({ parameters }: Importance): string {
  const [first, second] = parameters;
  if (first === undefined || first.importance === 0) return "No parameter decides more than another.";
  const most = `${first.name} decides most, ${formatPercent(first.importance)} of what parameters explain`;
  if (second === undefined || second.importance === 0) return `${most}.`;
  return `${most}, then ${second.name} with ${formatPercent(second.importance)}.`;
}

/** The same for the reader's own tools. */
export const importanceTable = ({ parameters }: Importance): TableData => ({
  columns: ["parameter", "importance", "variance"],
  rows: parameters.map(({ name, importance, variance }) => [name, importance, variance]),
});
