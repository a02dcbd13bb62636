import { isRefined, type Params, roundsOf } from "@espalier/search";
import { InverseCache } from "../compensation/index.js";
import { planFromSettings } from "../plan/index.js";
import { exchangeUnits } from "../refinement/exchange.js";
import { unitEffects } from "../refinement/unit-effects.js";
import { settingsFromParameters, type TrialSettings } from "../space/index.js";
import { weightEqually } from "../statistics/weighting.js";
import type { Plan } from "../units/index.js";
import { compensatePlan } from "./compensated-weights.js";
import type { StepOptions } from "./context.js";
import type { JobContext } from "./job-context.js";
import type { RepairMaterials } from "./repair-materials.js";
import { calibrationWeighting, trialStatistics } from "./trial-statistics.js";

/** A trial's parameters, read once for all sparsities. */
export interface TrialPlanner {
  readonly settings: TrialSettings;
  /** What the point's weighting of the calibration samples repairs from. */
  readonly repair: RepairMaterials;
  /** The plan at a sparsity: that of the point, then its rounds of exchange. */
  plan(sparsity: number, step?: StepOptions): Promise<Plan>;
}

/** Reads a point. RangeError for a value of the wrong type. */
export async function trialPlanner(job: JobContext, params: Params): Promise<TrialPlanner> {
  const { shape } = job.materials;
  const settings = settingsFromParameters(job.space, params);
  const statistics = await trialStatistics(job.materials, settings);
  const repair = await repairMaterials(job, settings, params);
  const rounds = roundsOf(params);
  return {
    settings,
    repair,
    async plan(sparsity, step = {}) {
      const { round_to: roundTo, layout } = job.spec.target;
      let plan = planFromSettings(shape, settings, statistics, { sparsity, roundTo });
      for (const round of rounds) {
        const effects = await effectsOf(job, { settings, repair }, plan, step);
        plan = exchangeUnits(shape, plan, effects, { ...settings, sparsity, layout, roundTo, ...round });
      }
      return plan;
    },
  };
}

/**
 * Second moments for the weighting of the calibration samples that a point asks for. A function of the point and the job
 * alone, since the two ways to a refit differ in the last digits.
 */
export function repairMaterials(
  { materials, spec }: JobContext,
  settings: TrialSettings,
  params: Params,
): Promise<RepairMaterials> {
  const several = isRefined(params) || spec.target.sparsity.length > 1;
  const { profile } = materials;
  const weighting = settings.repairByCluster ? calibrationWeighting(profile, settings) : weightEqually(profile);
  return materials.repairFor(weighting, several ? "several" : "one");
}

function effectsOf(
  { effects, lossGradients }: JobContext,
  { settings, repair }: Pick<TrialPlanner, "settings" | "repair">,
  plan: Plan,
  { signal }: StepOptions,
) {
  const { shape, projections, weighting, cache = new InverseCache() } = repair;
  const { compensation, lambda } = settings;
  const identity = { plan, compensation, lambda, clusterWeights: weighting?.clusters };
  return effects.effects(identity, async () => {
    const { weights, biases } = compensatePlan(repair, plan, settings);
    const gradients = await lossGradients.measure(
      { plan, weights, biases },
      { windowWeights: weighting?.samples, signal },
    );
    return unitEffects({ shape, plan, projections, gradients, compensation, lambda, cache });
  });
}
