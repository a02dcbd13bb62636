import { formatCount, formatPercent } from "@espalier/contracts";
import { axisStyle, type ChartOption } from "../../../charts/chart-option.js";
import type { Palette } from "../../../charts/palette.js";
import type { TableData } from "../../../charts/table-data.js";
import { differenceOf, type LayerCell, parts } from "./layer-shares.js";

/** Numbers fit into cells of so many layers. */
const LABELLED_LAYERS = 14;

const signed = (difference: number): string =>
  `${difference > 0 ? "+" : difference < 0 ? "−" : "±"}${Math.round(100 * Math.abs(difference))}`;

function described({ layer, part, unit, kept, dense, share, other }: LayerCell): string {
  const of = dense === null ? "" : ` of ${formatCount(dense)}`;
  const lines = [`Layer ${layer}, ${part}`, `${formatCount(kept)}${of} ${unit}`];
  if (share !== null) lines.push(`${formatPercent(share)} kept`);
  if (other !== null) lines.push(`the other keeps ${formatCount(other.kept)}`);
  return lines.join("\n");
}

/** A cell for each part of each layer: its kept share or, of two trials, by how much more the first one keeps. */
export function layersOption(
  cells: readonly LayerCell[],
  isDifference: boolean,
  isNarrow: boolean,
  palette: Palette,
): ChartOption {
  const layers = [...new Set(cells.map(({ layer }) => layer))];
  const shownOf = (cell: LayerCell) => (isDifference ? differenceOf(cell) : cell.share);
  const values = cells.map(shownOf);
  const widest = Math.max(0.05, ...values.map((value) => Math.abs(value ?? 0)));
  const label = (value: number) => (isDifference ? signed(value) : String(Math.round(100 * value)));
  return {
    grid: { left: 76, right: 12, top: 10, bottom: 96 },
    xAxis: {
      type: "category",
      data: layers,
      ...axisStyle(palette),
      name: "layer",
      nameLocation: "middle",
      nameGap: 28,
    },
    yAxis: { type: "category", data: parts.map(({ name }) => name), ...axisStyle(palette) },
    tooltip: {
      trigger: "item",
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const cell = cells[dataIndex];
        return cell === undefined ? "" : described(cell);
      },
    },
    visualMap: {
      type: "continuous",
      min: isDifference ? -widest : 0,
      max: isDifference ? widest : 1,
      orient: "horizontal",
      left: "center",
      bottom: 0,
      itemHeight: isNarrow ? 120 : 220,
      textStyle: { color: palette.muted },
      text: isDifference
        ? [`A keeps ${Math.round(100 * widest)} % more`, `${Math.round(100 * widest)} % less`]
        : ["all kept", "all removed"],
      inRange: {
        color: isDifference ? [palette.baseline, palette.surface, palette.dense] : [palette.sunken, palette.found],
      },
    },
    series: [
      {
        type: "heatmap",
        data: cells.map((cell, index) => [cell.layer, cell.part, values[index] ?? "-"]),
        itemStyle: { borderColor: palette.surface, borderWidth: 2 },
        label: {
          show: !isNarrow && layers.length <= LABELLED_LAYERS,
          formatter: ({ dataIndex }: { dataIndex: number }) => {
            const value = values[dataIndex];
            return value === null || value === undefined ? "" : label(value);
          },
          color: palette.text,
          textBorderColor: palette.surface,
          textBorderWidth: 3,
        },
      },
    ],
  };
}

export const layersTable = (cells: readonly LayerCell[], isDifference: boolean): TableData => ({
  columns: ["layer", "part", "kept", "of", "share", ...(isDifference ? ["other keeps", "difference of shares"] : [])],
  rows: cells.map((cell) => [
    cell.layer,
    cell.part,
    cell.kept,
    cell.dense,
    cell.share,
    ...(isDifference ? [cell.other?.kept ?? null, differenceOf(cell)] : []),
  ]),
});
