import type { DecoderShape, JobSpec } from "@espalier/contracts";
import { type AllocationName, allocate } from "../allocation/index.js";
import { aggregate } from "../importance/aggregate.js";
import { knowsUnits } from "../importance/metrics-of.js";
import { mixDensities } from "../importance/mix.js";
import { planFromWidths } from "../plan/index.js";
import { type Weighting, weightEqually } from "../statistics/weighting.js";
import type { Plan, UnitScores } from "../units/index.js";
import type { Materials, MetricName } from "./materials.js";

const known = [
  "random",
  "magnitude_l2",
  "taylor_first",
  "taylor_second",
  "wanda_sp",
  "flap_wifv",
  "obs",
  "obs_fisher",
  "easy_ep",
  "stun",
  "expert_frequency",
] as const satisfies readonly MetricName[];

/** Single metrics that every job with baselines is compared with, of those that can score the model. */
export const standardBaselines = (shape: DecoderShape): readonly MetricName[] =>
  known.filter((metric) => knowsUnits(shape, metric));

const neutral = { attentionFactor: 0, depthTilt: 0, depthCurvature: 0, equalisation: 0, similarity: 0 };

/** Natural allocations of a layout; a `uniform` layout has only one. */
export function naturalAllocations(target: JobSpec["target"]): readonly AllocationName[] {
  return target.layout === "uniform" ? ["equal"] : ["global", "uniform"];
}

/**
 * A single metric without a search: raw scores summed over a unit's vectors, per parameter, no modifier; every
 * calibration sample alike unless a weighting is given. The scores of `obs` and `obs_fisher` rank each layer in their
 * greedy order.
 */
export async function baselinePlan(
  materials: Materials,
  metric: MetricName,
  allocation: AllocationName,
  sparsity: number,
  roundTo: number,
  weighting: Weighting = weightEqually(materials.profile),
): Promise<Plan> {
  const { shape } = materials;
  const [scores] = await materials.scores([metric], weighting);
  const units: UnitScores = aggregate(shape, scores, "sum");
  const term = { name: metric, weight: 1, scores: units };
  const densities = mixDensities(shape, [term], { normalisation: "none", power: 1 });
  const widths = allocate(shape, densities, { allocation, sparsity, roundTo, modifiers: neutral });
  return planFromWidths(shape, widths, densities, undefined, 0);
}
