import type { DecoderShape } from "@espalier/contracts";
import type { Params } from "@espalier/search";
import { allocate } from "../allocation/allocate.js";
import type { BlockChange } from "../allocation/modifiers/index.js";
import { thinQueryHeads } from "../allocation/query-heads.js";
import { aggregate } from "../importance/aggregate.js";
import { mixDensities } from "../importance/mix.js";
import { type QueryHeadTerm, queryHeadShares } from "../importance/query-heads.js";
import type { PruningSpace } from "../space/pruning-space.js";
import { settingsFromParameters, type TrialSettings } from "../space/settings.js";
import type { Plan } from "../units/plan.js";
import type { MetricScores, UnitScores } from "../units/scores.js";
import { planFromWidths } from "./plan-from-widths.js";
import type { EliminationOrders } from "./ranking.js";

/** Measured numbers that plans are made of, recombined for the trial's calibration weighting. */
export interface PlanStatistics {
  /** Scores by metric name; metrics of weight 0 may be left out (see `neededMetrics`). */
  readonly metrics: Readonly<Record<string, MetricScores>>;
  /** Greedy elimination orders; without them `obs_share` has no effect. */
  readonly orders?: EliminationOrders;
  /** Without it `similarity` has no effect. */
  readonly blockChange?: BlockChange;
}

/** What the job asks of every plan. */
export interface PlanTarget {
  /** Share of the prunable parameters to remove. */
  readonly sparsity: number;
  /** MLP widths are multiples of this; default 1. */
  readonly roundTo?: number;
}

/** Metrics that a point reads: those of weight above 0, or all when every weight is 0. */
export function neededMetrics(settings: TrialSettings): string[] {
  const names = Object.keys(settings.metricWeights);
  const used = names.filter((name) => settings.metricWeights[name] > 0);
  return used.length > 0 ? used : names;
}

/**
 * The plan of a point of the space: mix the metrics, allocate widths, let the least important units leave.
 * A pure function of parameters and statistics. Throws AppError SPARSITY_UNREACHABLE; RangeError for a missing metric.
 */
export function planFromParameters(
  space: PruningSpace,
  params: Params,
  statistics: PlanStatistics,
  target: PlanTarget,
): Plan {
  return planFromSettings(space.context.shape, settingsFromParameters(space, params), statistics, target);
}

/** `planFromParameters` for settings already read, or made by hand. */
export function planFromSettings(
  shape: DecoderShape,
  settings: TrialSettings,
  statistics: PlanStatistics,
  target: PlanTarget,
): Plan {
  const { blockChange, orders } = statistics;
  const terms = termsOf(settings, statistics.metrics);
  const densities = mixtureOf(shape, settings, terms);
  const allocation = {
    ...settings,
    sparsity: target.sparsity,
    roundTo: target.roundTo ?? 1,
    ...(blockChange === undefined ? {} : { blockChange }),
  };
  if (settings.queryHeads === 0) {
    const widths = allocate(shape, densities, allocation);
    return planFromWidths(shape, widths, densities, orders, settings.obsShare);
  }
  const thin = thinQueryHeads(shape, densities, queryHeadShares(shape, terms), allocation);
  const widths = allocate(thin.shape, thin.densities, { ...allocation, sparsity: thin.sparsity });
  const { layers } = planFromWidths(thin.shape, widths, thin.densities, orders, settings.obsShare);
  return { layers: layers.map((kept, l) => ({ ...kept, ...thin.layers[l] })) };
}

/** The metrics that a point mixes. RangeError for one that was not measured. */
function termsOf(settings: TrialSettings, metrics: PlanStatistics["metrics"]): QueryHeadTerm[] {
  return neededMetrics(settings).map((name) => {
    const scores = metrics[name];
    if (scores === undefined) throw new RangeError(`the statistics have no scores of metric '${name}'`);
    return { name, weight: settings.metricWeights[name], scores };
  });
}

/** Importance per parameter of every unit: a point's mixture, the same for all sparsities. */
function mixtureOf(shape: DecoderShape, settings: TrialSettings, terms: readonly QueryHeadTerm[]): UnitScores {
  const folded = terms.map((term) => ({ ...term, scores: aggregate(shape, term.scores, settings.aggregation) }));
  return mixDensities(shape, folded, { normalisation: settings.normalisation, power: settings.power });
}
