import type { DecoderShape } from "@espalier/contracts";
import { columnProjections, projectionWeight } from "@espalier/graph";
import { InverseCache, type ProjectionStatistics } from "../compensation/index.js";
import { type MeasuredMetricName, measuredMetrics } from "../importance/metrics/registry.js";
import { type ObsImportance, obsImportance } from "../importance/obs.js";
import { recombineGram } from "../statistics/gram.js";
import type { Profile } from "../statistics/profile.js";
import { recombine, type WeightedStatistics } from "../statistics/recombine.js";
import { type Weighting, weightEqually } from "../statistics/weighting.js";
import type { MetricScores } from "../units/index.js";

/** Ridge of the elimination orders and of compensated baselines: the value that the published table was measured with. */
export const DEFAULT_LAMBDA = 1e-3;

/** Metrics that a mixture can name. */
export type MetricName = MeasuredMetricName | "obs";

/** All that plans and compensations of one job are made from; nothing here is computed twice. */
export interface Materials {
  readonly shape: DecoderShape;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly profile: Profile;
  /** Output projections with second moments of their inputs, all samples alike. */
  readonly projections: readonly ProjectionStatistics[];
  readonly cache: InverseCache;
  /** Importance under compensation; computed at the first call. */
  obs(): ObsImportance;
  /** Scores of metrics for a weighting of samples, in the order asked. The latest weighting is kept. */
  scores(metrics: readonly MetricName[], weighting: Weighting): Promise<readonly MetricScores[]>;
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
  let obs: ObsImportance | undefined;
  const importance = (): ObsImportance => {
    obs ??= obsImportance(shape, projections, { lambda: DEFAULT_LAMBDA, cache });
    return obs;
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
    obs: importance,
    async scores(metrics, weighting) {
      const id = weightingId(weighting);
      if (id !== knownFor) known.clear();
      knownFor = id;
      const needsGradients = metrics.some(
        (name) => name !== "obs" && !known.has(name) && measuredMetrics[name].needs.includes("gradients"),
      );
      const statistics = await recombined(weighting, id, needsGradients);
      return metrics.map((name) => {
        const score =
          known.get(name) ??
          (name === "obs"
            ? ({ per: "unit", scores: importance().greedy } as const)
            : measuredMetrics[name].score({ shape, weights, statistics, seed }));
        known.set(name, score);
        return score;
      });
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
