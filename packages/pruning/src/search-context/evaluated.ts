import type { DecoderShape, EvaluatedModel, TrialResult } from "@espalier/contracts";
import { keptWidths, type Plan, planShape, planSparsity, totalParameters } from "../units/index.js";

/** What every evaluated model says of its size. */
export interface PlanSize {
  readonly sparsity: number;
  readonly achieved_sparsity: number;
  readonly parameters: number;
}

/** Asked and achieved sparsity, and all parameters, of a plan. */
export function planSize(shape: DecoderShape, plan: Plan, sparsity: number): PlanSize {
  return {
    sparsity,
    achieved_sparsity: planSparsity(shape, plan),
    parameters: totalParameters(planShape(shape, plan)),
  };
}

/** A trial's result at one sparsity. */
export function trialResult(shape: DecoderShape, plan: Plan, sparsity: number, perplexity: number | null): TrialResult {
  const widths = keptWidths(plan);
  return {
    ...planSize(shape, plan, sparsity),
    scoring_perplexity: perplexity,
    kv_groups: widths.map(({ kvGroups }) => kvGroups),
    channels: widths.map(({ channels }) => channels),
    ...(plan.layers.some(({ queryHeads }) => queryHeads !== undefined)
      ? { query_heads: planShape(shape, plan).layers.map(({ heads }) => heads) }
      : {}),
  };
}

/** What joins a metric and a compensation in a baseline's name: `taylor_second+least_squares`. */
const JOINT = "+";

/** Name of a baseline: the metric alone, or with its compensation. */
export function baselineName(metric: string, compensation: EvaluatedModel["compensation"]): string {
  return compensation === "none" ? metric : `${metric}${JOINT}${compensation}`;
}

/** The metric of a baseline's name. */
export function metricOfBaseline(name: string): string {
  return name.split(JOINT)[0];
}
