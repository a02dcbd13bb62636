import type { BlockChange } from "../allocation/index.js";
import { orderByNll } from "../calibration/cluster-samples.js";
import { neededMetrics, type PlanStatistics } from "../plan/index.js";
import type { TrialSettings } from "../space/index.js";
import type { Profile } from "../statistics/profile.js";
import { tiltByNll, type Weighting, weightClusters, weightSubset } from "../statistics/weighting.js";
import type { MetricScores } from "../units/index.js";
import type { Materials, MetricName } from "./materials.js";

/** What a trial's plans are made of: its metrics for its weighting of the calibration samples, orders, block changes. */
export async function trialStatistics(materials: Materials, settings: TrialSettings): Promise<PlanStatistics> {
  const { profile } = materials;
  const { calibration } = settings;
  const alignment =
    calibration.kind === "subset"
      ? { coarse: calibration.alignment.coarseSecondOrder, fine: calibration.alignment.fineSecondOrder }
      : {};
  const names = neededMetrics(settings) as MetricName[]; // checked by the space
  const scores = await materials.scores(names, calibrationWeighting(profile, settings), alignment);
  const metrics: Record<string, MetricScores> = {};
  names.forEach((name, m) => {
    metrics[name] = scores[m];
  });
  return {
    metrics,
    blockChange: blockChange(profile),
    ...(settings.obsShare > 0 ? { orders: (await materials.importance("obs_fisher")).orders } : {}),
  };
}

/** How much each calibration sample counts in a trial. */
export function calibrationWeighting(profile: Profile, { calibration }: Pick<TrialSettings, "calibration">): Weighting {
  if (calibration.kind === "clusters") {
    return weightClusters(profile, tiltByNll(profile, calibration.weights, calibration.temperature));
  }
  const order = orderByNll(profile.observations.nll);
  return weightSubset(
    profile,
    calibration.places.map((place) => order[place]),
  );
}

/** Mean over samples of 1 − cos(input, output) per block and sub-block; 0 where a layer lacks it. */
function blockChange({ observations, shape, sampleCount }: Profile): BlockChange {
  const layers = shape.layers.length;
  const mean = (similarities: Float64Array): number[] =>
    shape.layers.map((_, layer) => {
      let sum = 0;
      for (let i = 0; i < sampleCount; i++) sum += 1 - similarities[i * layers + layer];
      return Number.isFinite(sum) ? sum / sampleCount : 0;
    });
  const { block, attention, mlp } = observations.similarities;
  return { block: mean(block), attention: mean(attention), mlp: mean(mlp) };
}
