import type { InverseCache } from "../compensation/index.js";
import type { SecondOrderFactors } from "../importance/metrics/metric.js";
import { type MeasuredMetricName, measuredMetrics } from "../importance/metrics/registry.js";
import { compensatedMetricNames } from "../importance/metrics-of.js";
import { type ObsImportance, obsImportance, obsScores } from "../importance/obs.js";
import { weighBySensitivity } from "../importance/row-sensitivity.js";
import { BASELINE_LAMBDA } from "../space/index.js";
import type { Profile } from "../statistics/profile.js";
import { recombine, type WeightedStatistics } from "../statistics/recombine.js";
import { type Weighting, weightEqually } from "../statistics/weighting.js";
import type { MetricScores } from "../units/index.js";
import { type ExpectedPlans, equalRepair, type RepairMaterials, weightedRepair } from "./repair-materials.js";

/** Metrics that a mixture can name. */
export type MetricName = MeasuredMetricName | CompensatedMetricName;

export type CompensatedMetricName = (typeof compensatedMetricNames)[number];

const isCompensated = (name: string): name is CompensatedMetricName =>
  compensatedMetricNames.some((compensated) => compensated === name);

/** All that plans and compensations of one job are made from; nothing here is computed twice. */
export interface Materials extends RepairMaterials {
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly profile: Profile;
  /** Of all samples alike, as are `projections`. */
  readonly cache: InverseCache;
  /** What repairs read under a weighting of the samples. The latest weighting is kept. */
  repairFor(weighting: Weighting, plans: ExpectedPlans): Promise<RepairMaterials>;
  /** Importance under compensation; computed at the first call. */
  importance(metric: CompensatedMetricName): Promise<ObsImportance>;
  /** Scores of metrics for a weighting of samples, in the order asked. The latest weighting is kept. */
  scores(
    metrics: readonly MetricName[],
    weighting: Weighting,
    secondOrder?: SecondOrderFactors,
  ): Promise<readonly MetricScores[]>;
}

export interface MaterialsOptions {
  readonly profile: Profile;
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** Seed of the metric `random`. */
  readonly seed: number;
}

/** Reads the second moments and prepares the rest to be computed on demand. */
export async function prepareMaterials({ profile, weights, seed }: MaterialsOptions): Promise<Materials> {
  const { shape } = profile;
  const equal = await equalRepair(profile, weights);
  const { projections, cache } = equal;
  const computed = new Map<CompensatedMetricName, ObsImportance>();
  const importance = async (metric: CompensatedMetricName): Promise<ObsImportance> => {
    const before = computed.get(metric);
    if (before !== undefined) return before;
    const weighed =
      metric === "obs"
        ? projections
        : weighBySensitivity(
            projections,
            await recombine(profile, weightEqually(profile), true),
            profile.sequenceLength,
          );
    const result = obsImportance(shape, weighed, { lambda: BASELINE_LAMBDA, cache });
    computed.set(metric, result);
    return result;
  };
  const recombined = keepLatest(profile);
  const known = new Map<string, MetricScores>();
  let knownFor = "";
  return {
    ...equal,
    weights,
    profile,
    repairFor: weightedRepair(profile, weights, equal),
    importance,
    async scores(metrics, weighting, secondOrder = {}) {
      const id = `${weightingId(weighting)} ${secondOrder.coarse ?? 1} ${secondOrder.fine ?? 1}`;
      if (id !== knownFor) known.clear();
      knownFor = id;
      const needsGradients = metrics.some(
        (name) => !isCompensated(name) && !known.has(name) && measuredMetrics[name].needs.includes("gradients"),
      );
      const statistics = await recombined(weighting, id, needsGradients);
      const scores: MetricScores[] = [];
      for (const name of metrics) {
        const score =
          known.get(name) ??
          (isCompensated(name)
            ? obsScores(await importance(name))
            : measuredMetrics[name].score({ shape, weights, statistics, seed, secondOrder }));
        known.set(name, score);
        scores.push(score);
      }
      return scores;
    },
  };
}

const weightingId = (weighting: Weighting): string => `${weighting.kind} ${weighting.samples.join()}`;

/** Recombines, keeping the statistics of the latest weighting: neighbouring trials often share it. */
function keepLatest(
  profile: Profile,
): (weighting: Weighting, id: string, gradients: boolean) => Promise<WeightedStatistics> {
  let latest: { id: string; gradients: boolean; statistics: WeightedStatistics } | undefined;
  return async (weighting, id, gradients) => {
    if (latest === undefined || latest.id !== id || (gradients && !latest.gradients)) {
      latest = { id, gradients, statistics: await recombine(profile, weighting, gradients) };
    }
    return latest.statistics;
  };
}
