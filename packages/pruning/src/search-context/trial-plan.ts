import { type Params, roundsOf } from "@espalier/search";
import { planFromSettings } from "../plan/index.js";
import { exchangeUnits } from "../refinement/exchange.js";
import { unitEffects } from "../refinement/unit-effects.js";
import { settingsFromParameters, type TrialSettings } from "../space/index.js";
import type { Plan } from "../units/index.js";
import { compensatePlan } from "./compensated-weights.js";
import type { StepOptions } from "./context.js";
import type { JobContext } from "./job-context.js";
import { trialStatistics } from "./trial-statistics.js";

/** A trial's parameters, read once for all sparsities. */
export interface TrialPlanner {
  readonly settings: TrialSettings;
  /** The plan at a sparsity: that of the point, then its rounds of exchange. */
  plan(sparsity: number, step?: StepOptions): Promise<Plan>;
}

/** Reads a point. RangeError for a value of the wrong type. */
export async function trialPlanner(job: JobContext, params: Params): Promise<TrialPlanner> {
  const { shape } = job.materials;
  const settings = settingsFromParameters(job.space, params);
  const statistics = await trialStatistics(job.materials, settings);
  const rounds = roundsOf(params);
  return {
    settings,
    async plan(sparsity, step = {}) {
      const { round_to: roundTo, layout } = job.spec.target;
      let plan = planFromSettings(shape, settings, statistics, { sparsity, roundTo });
      for (const round of rounds) {
        const effects = await effectsOf(job, settings, plan, step);
        plan = exchangeUnits(shape, plan, effects, { ...settings, sparsity, layout, roundTo, ...round });
      }
      return plan;
    },
  };
}

function effectsOf(
  { materials, effects, lossGradients }: JobContext,
  repair: TrialSettings,
  plan: Plan,
  step: StepOptions,
) {
  const { shape, projections, cache } = materials;
  const { compensation, lambda } = repair;
  return effects.effects({ plan, compensation, lambda }, async () => {
    const { weights, biases } = compensatePlan(materials, plan, repair);
    const gradients = await lossGradients.measure({ plan, weights, biases }, step.signal);
    return unitEffects({ shape, plan, projections, gradients, compensation, lambda, cache });
  });
}
