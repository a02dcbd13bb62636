import type { DecoderShape } from "@espalier/contracts";
import { columnProjections, projectionWeight } from "@espalier/graph";
import { InverseCache, type ProjectionStatistics } from "../compensation/index.js";
import type { SecondOrderFactors } from "../importance/metrics/metric.js";
import { type MeasuredMetricName, measuredMetrics } from "../importance/metrics/registry.js";
import { type ObsImportance, obsImportance } from "../importance/obs.js";
import { weighBySensitivity } from "../importance/row-sensitivity.js";
import { BASELINE_LAMBDA } from "../space/index.js";
import { recombineGram } from "../statistics/gram.js";
import type { Profile } from "../statistics/profile.js";
import { recombine, type WeightedStatistics } from "../statistics/recombine.js";
import { type Weighting, weightEqually } from "../statistics/weighting.js";
import type { MetricScores } from "../units/index.js";

/** Metrics that a mixture can name. */
export type MetricName = MeasuredMetricName | CompensatedMetricName;

/** Metrics that know of compensation: squared output error, plain or weighed by the loss's sensitivity to it. */
export type CompensatedMetricName = "obs" | "obs_fisher";

const isCompensated = (name: string): name is CompensatedMetricName => name === "obs" || name === "obs_fisher";

/** All that plans and compensations of one job are made from; nothing here is computed twice. */
export interface Materials {
  readonly shape: DecoderShape;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly profile: Profile;
  /** Output projections with second moments of their inputs, all samples alike. */
  readonly projections: readonly ProjectionStatistics[];
  readonly cache: InverseCache;
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
  const projections = await readProjections(profile, weights);
  const cache = new InverseCache();
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
    shape,
    weights,
    profile,
    projections,
    cache,
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
            ? { per: "unit" as const, scores: (await importance(name)).greedy }
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

async function readProjections(
  profile: Profile,
  weights: ReadonlyMap<string, Float32Array>,
): Promise<ProjectionStatistics[]> {
  const { shape } = profile;
  const equal = weightEqually(profile);
  const statistics = await recombine(profile, equal, false);
  const projections: ProjectionStatistics[] = [];
  for (const [layer, widths] of shape.layers.entries()) {
    for (const projection of columnProjections) {
      const inputs = projection === "o_proj" ? widths.heads * shape.headDim : widths.intermediateSize;
      const weight = weights.get(projectionWeight(layer, projection));
      if (inputs === 0 || weight === undefined) continue;
      projections.push({
        layer,
        projection,
        outputs: shape.hiddenSize,
        inputs,
        weight,
        gram: await recombineGram(profile, layer, projection, equal),
        mean: statistics.moments(layer, projection).mean,
      });
    }
  }
  return projections;
}
