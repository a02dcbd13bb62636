import { type ColumnProjection, outputNames } from "@espalier/graph";
import type { Profile } from "./profile.js";
import { type ClusterWeighting, weightEqually } from "./weighting.js";

/**
 * Second-moment matrix of the inputs of o_proj or down_proj per token, [C, C] in float64: Σ_c w_c·Gram_c / T, exact for
 * any cluster weighting. Default: all samples alike.
 */
export async function recombineGram(
  profile: Profile,
  layer: number,
  projection: ColumnProjection,
  weighting: ClusterWeighting = weightEqually(profile),
): Promise<Float64Array> {
  const name = outputNames.inputMoment(layer, projection, "gram");
  let total = new Float64Array(0);
  for (const [cluster, weight] of weighting.clusters.entries()) {
    if (weight === 0) continue;
    const gram = await profile.clusterSum(cluster, name);
    if (total.length === 0) total = new Float64Array(gram.length);
    const scale = weight / profile.sequenceLength;
    for (let i = 0; i < gram.length; i++) total[i] += scale * gram[i];
  }
  return total;
}
