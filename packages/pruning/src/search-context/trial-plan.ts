import { allocate, type BlockChange } from "../allocation/index.js";
import { orderByNll } from "../calibration/cluster-samples.js";
import { aggregate } from "../importance/aggregate.js";
import { type MixtureTerm, mixDensities } from "../importance/mix.js";
import { planFromWidths } from "../plan/index.js";
import type { TrialSettings } from "../space/index.js";
import type { Profile } from "../statistics/profile.js";
import { tiltByNll, type Weighting, weightClusters, weightSubset } from "../statistics/weighting.js";
import type { Plan, UnitScores } from "../units/index.js";
import type { Materials, MetricName } from "./materials.js";

/** What a trial's plans at all sparsities have in common. */
export interface TrialImportance {
  /** Importance per parameter of every unit. */
  readonly densities: UnitScores;
  readonly settings: TrialSettings;
}

/** Recombines the statistics for a trial: weighting of the calibration samples, then the mixture of its metrics. */
export async function trialImportance(materials: Materials, settings: TrialSettings): Promise<TrialImportance> {
  const { shape, profile } = materials;
  const { calibration, metricWeights } = settings;
  const mixed = Object.entries(metricWeights);
  const silent = mixed.every(([, weight]) => weight === 0);
  // Metrics of weight 0 need not be computed, unless all are 0: then all count the same.
  const terms = mixed.filter(([, weight]) => silent || weight > 0);
  const alignment =
    calibration.kind === "subset"
      ? { coarse: calibration.alignment.coarseSecondOrder, fine: calibration.alignment.fineSecondOrder }
      : {};
  const names = terms.map(([name]) => name as MetricName); // checked by the space
  const scores = await materials.scores(names, weightingOf(profile, settings), alignment);
  const mixture = terms.map(
    ([name, weight], m): MixtureTerm => ({
      name,
      weight,
      scores: aggregate(shape, scores[m], settings.aggregation),
    }),
  );
  const { normalisation, power } = settings;
  return { densities: mixDensities(shape, mixture, { normalisation, power }), settings };
}

function weightingOf(profile: Profile, { calibration }: TrialSettings): Weighting {
  if (calibration.kind === "clusters") {
    return weightClusters(profile, tiltByNll(profile, calibration.weights, calibration.temperature));
  }
  const order = orderByNll(profile.observations.nll);
  return weightSubset(
    profile,
    calibration.places.map((place) => order[place]),
  );
}

/** The plan of a trial at one sparsity. A pure function of the statistics and the trial's parameters. */
export async function trialPlan(
  materials: Materials,
  { densities, settings }: TrialImportance,
  sparsity: number,
  roundTo: number,
): Promise<Plan> {
  const { shape, profile } = materials;
  const widths = allocate(shape, densities, {
    allocation: settings.allocation,
    sparsity,
    roundTo,
    protectFirst: settings.protectFirst,
    protectLast: settings.protectLast,
    modifiers: settings.modifiers,
    blockChange: blockChange(profile),
    ...(settings.widthFactors === undefined ? {} : { widthFactors: settings.widthFactors }),
  });
  const orders = settings.obsShare > 0 ? (await materials.importance("obs_fisher")).orders : undefined;
  return planFromWidths(shape, widths, densities, orders, settings.obsShare);
}

/** Mean over samples of 1 − cos(input, output) per sub-block; 0 where a layer lacks it. */
function blockChange({ observations, shape, sampleCount }: Profile): BlockChange {
  const layers = shape.layers.length;
  const mean = (similarities: Float64Array): number[] =>
    shape.layers.map((_, layer) => {
      let sum = 0;
      for (let i = 0; i < sampleCount; i++) sum += 1 - similarities[i * layers + layer];
      return Number.isFinite(sum) ? sum / sampleCount : 0;
    });
  return { attention: mean(observations.similarities.attention), mlp: mean(observations.similarities.mlp) };
}
