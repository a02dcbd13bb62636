import type { AnswerOf } from "@espalier/client";
import { formatPercent } from "@espalier/contracts";
import { axisStyle, type ChartOption } from "../../../charts/chart-option.js";
import type { Palette } from "../../../charts/palette.js";
import type { TableData } from "../../../charts/table-data.js";

export type Calibration = AnswerOf<"getCalibration">;
export type Cluster = Calibration["clusters"][number];

/** Colour and shape together tell clusters apart, since either alone runs out or is not seen by all. */
const colours = ["found", "baseline", "dense", "odd"] as const;
const symbols = ["circle", "diamond"] as const;

const lookOf = (cluster: number, palette: Palette) => ({
  symbol: symbols[Math.floor(cluster / colours.length) % symbols.length] ?? "circle",
  color: palette[colours[cluster % colours.length] ?? "found"],
});

/** What a cluster counts: in the best trials, else its share of the samples. */
const countOf = ({ share, weight }: Cluster): number => weight?.mean ?? share;

const SMALLEST_CENTRE = 22;
const LARGEST_CENTRE = 54;
/** Dots behind a chosen cluster. */
const FADED = 0.12;

const axisName = (which: string, explained: number): string =>
  `${which} axis, ${formatPercent(explained)} of the variance`;

/** Samples as dots, centres as large numbered marks that are larger the more their cluster counts. */
export function mapOption(
  { points, clusters, explained }: Calibration,
  chosen: number | undefined,
  palette: Palette,
): ChartOption {
  const most = Math.max(...clusters.map(countOf));
  const [first, second] = explained ?? [0, 0];
  const axis = {
    type: "value",
    scale: true,
    ...axisStyle(palette),
    nameLocation: "middle",
    axisLabel: { show: false },
  } as const;
  return {
    grid: { left: 36, right: 16, top: 16, bottom: 40 },
    xAxis: { ...axis, name: axisName("first", first), nameGap: 16 },
    yAxis: { ...axis, name: axisName("second", second), nameGap: 14 },
    tooltip: { trigger: "item", formatter: ({ name }: { name: string }) => name },
    series: [
      ...clusters.map((_one, cluster) => {
        const { symbol, color } = lookOf(cluster, palette);
        return {
          name: `Cluster ${cluster}`,
          type: "scatter",
          symbol,
          symbolSize: 7,
          itemStyle: { color, opacity: chosen === undefined || chosen === cluster ? 0.65 : FADED },
          data: points
            .filter((point) => point.cluster === cluster)
            .map(({ sample, nll, x, y }) => ({
              name: `Sample ${sample}\nCluster ${cluster}\nloss ${nll.toFixed(2)} nats a token`,
              value: [x, y],
            })),
        };
      }),
      {
        name: CENTRES,
        type: "scatter",
        z: 5,
        data: clusters.map((one, cluster) => {
          const { symbol, color } = lookOf(cluster, palette);
          return {
            name: described(one, cluster),
            value: [one.x, one.y],
            symbol,
            symbolSize: SMALLEST_CENTRE + (LARGEST_CENTRE - SMALLEST_CENTRE) * Math.sqrt(countOf(one) / most),
            itemStyle: {
              color: palette.surface,
              borderColor: color,
              borderWidth: chosen === cluster ? 5 : 3,
            },
            label: { show: true, formatter: String(cluster), color: palette.text, fontWeight: 700, fontSize: 13 },
          };
        }),
      },
    ],
  };
}

/** Series whose marks stand for whole clusters. */
export const CENTRES = "centres";

function described({ samples, mean_nll, weight, share }: Cluster, cluster: number): string {
  const lines = [
    `Cluster ${cluster}`,
    `${samples} samples, ${formatPercent(share)}`,
    `mean loss ${mean_nll.toFixed(2)}`,
  ];
  if (weight !== null) lines.push(`counts ${formatPercent(weight.mean)} in the best trials`);
  return lines.join("\n");
}

export const mapTable = ({ points }: Calibration): TableData => ({
  columns: ["sample", "cluster", "x", "y", "loss"],
  rows: points.map(({ sample, cluster, x, y, nll }) => [sample, cluster, x, y, nll]),
});

/** Which cluster the best trials favour most, against its share of the samples; undefined where none stands out. */
export function favoured({ clusters }: Calibration): { readonly cluster: number; readonly times: number } | undefined {
  const ranked = clusters
    .map((one, cluster) => ({ cluster, times: one.weight === null ? 1 : one.weight.mean / one.share }))
    .sort((a, b) => b.times - a.times);
  const [first] = ranked;
  return first !== undefined && first.times >= NOTABLE ? first : undefined;
}

/** Less than this is noise of a few trials. */
const NOTABLE = 1.15;
