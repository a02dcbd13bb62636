import type { DecoderShape } from "@espalier/contracts";
import { columnProjections, projectionWeight } from "@espalier/graph";
import { InverseCache, type ProjectionStatistics } from "../compensation/index.js";
import { recombineGram } from "../statistics/gram.js";
import type { Profile } from "../statistics/profile.js";
import { recombine } from "../statistics/recombine.js";
import { type ClusterWeighting, isEqual, type Weighting, weightEqually } from "../statistics/weighting.js";
import { isRefitted } from "../units/index.js";

/** Output projections and the second moments of their inputs, as one weighting of the samples sees them. */
export interface RepairMaterials {
  readonly shape: DecoderShape;
  readonly projections: readonly ProjectionStatistics[];
  /** Inverses for the plans to come; without it each refit is solved by itself. */
  readonly cache?: InverseCache | undefined;
  /** Where it is not that of all samples alike. */
  readonly weighting?: ClusterWeighting;
}

/** An inverse costs more than one refit without it, and makes the next ones nearly free. */
export type ExpectedPlans = "one" | "several";

/** Second moments of all samples alike. */
export async function equalRepair(
  profile: Profile,
  weights: ReadonlyMap<string, Float32Array>,
): Promise<RepairMaterials & { readonly cache: InverseCache }> {
  const projections = await readProjections(profile, weights, weightEqually(profile));
  return { shape: profile.shape, projections, cache: new InverseCache() };
}

/**
 * Second moments for any weighting, exact for cluster weights; the latest are kept, since a point's sparsities and rounds
 * share them. A subset of samples has none of its own: there, and for equal weights, `equal` serves.
 */
export function weightedRepair(
  profile: Profile,
  weights: ReadonlyMap<string, Float32Array>,
  equal: RepairMaterials,
): (weighting: Weighting, plans: ExpectedPlans) => Promise<RepairMaterials> {
  let latest: { readonly id: string; readonly materials: RepairMaterials } | undefined;
  return async (weighting, plans) => {
    if (weighting.kind !== "clusters" || isEqual(weighting)) return equal;
    const id = weighting.clusters.join();
    if (latest?.id !== id) {
      // Let go of the old ones first: two sets of second moments exist at most, these and `equal`.
      latest = undefined;
      const projections = await readProjections(profile, weights, weighting);
      latest = { id, materials: { shape: profile.shape, projections, weighting, cache: new InverseCache() } };
    }
    return plans === "several" ? latest.materials : { ...latest.materials, cache: undefined };
  };
}

async function readProjections(
  profile: Profile,
  weights: ReadonlyMap<string, Float32Array>,
  weighting: ClusterWeighting,
): Promise<ProjectionStatistics[]> {
  const { shape } = profile;
  const statistics = await recombine(profile, weighting, false);
  const projections: ProjectionStatistics[] = [];
  for (const [layer, widths] of shape.layers.entries()) {
    for (const projection of columnProjections) {
      const inputs = projection === "o_proj" ? widths.heads * shape.headDim : widths.intermediateSize;
      const weight = weights.get(projectionWeight(layer, projection));
      if (inputs === 0 || weight === undefined || !isRefitted(widths, projection)) continue;
      projections.push({
        layer,
        projection,
        outputs: shape.hiddenSize,
        inputs,
        weight,
        gram: await recombineGram(profile, layer, projection, weighting),
        mean: statistics.moments(layer, projection).mean,
      });
    }
  }
  return projections;
}
