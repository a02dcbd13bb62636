import { useCallback } from "react";
import { ChartPanel } from "../../../charts/chart-panel.js";
import type { EChartsType } from "../../../charts/echarts.js";
import type { Palette } from "../../../charts/palette.js";
import { type Calibration, CENTRES, favoured, mapOption, mapTable } from "./calibration-chart.js";
import { useCluster } from "./use-cluster.js";

const HEIGHT = 440;

/** The samples on a plane. */
export function MapPanel({ calibration }: { readonly calibration: Calibration }) {
  const [cluster, choose] = useCluster();
  const option = useCallback((palette: Palette) => mapOption(calibration, cluster, palette), [calibration, cluster]);
  const onChart = useCallback(
    (chart: EChartsType | null) => {
      chart?.on("click", ({ seriesName, seriesIndex, dataIndex }) => {
        const chosen = seriesName === CENTRES ? dataIndex : seriesIndex;
        if (chosen !== undefined) choose(chosen);
      });
    },
    [choose],
  );
  return (
    <ChartPanel
      title="Calibration samples"
      hint={
        <>
          {sentence(calibration)} Each dot is a sample of the calibration text, placed by the model's mean hidden state:
          near means alike to the model. Numbers mark the clusters, larger the more they count.
        </>
      }
      label={`${calibration.points.length} calibration samples in ${calibration.clusters.length} clusters.`}
      fileName="calibration-map"
      height={HEIGHT}
      option={option}
      table={() => mapTable(calibration)}
      onChart={onChart}
    />
  );
}

/** What the search does with the clusters, in a sentence. */
function sentence(calibration: Calibration): string {
  if (!calibration.searched) return "This search counts all samples the same.";
  if (calibration.best_trials === 0) return "The search chooses how much each counts; no trial has ended yet.";
  const most = favoured(calibration);
  if (most === undefined) return `The best ${calibration.best_trials} trials favour no cluster clearly.`;
  return `The best ${calibration.best_trials} trials lean on cluster ${most.cluster}: it counts ${most.times.toFixed(1)} times its share.`;
}
