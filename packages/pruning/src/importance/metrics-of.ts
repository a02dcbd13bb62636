import type { DecoderShape } from "@espalier/contracts";
import { isMeasuredMetric, measuredMetricNames, measuredMetrics } from "./metrics/registry.js";

/** Metrics that know of compensation: squared output error, plain or weighed by the loss's sensitivity to it. */
export const compensatedMetricNames = ["obs", "obs_fisher"] as const;

/** Whether any block has experts. */
export const hasExperts = ({ layers }: Pick<DecoderShape, "layers">): boolean =>
  layers.some(({ experts }) => experts !== undefined);

/**
 * Whether a metric can score a model: those of experts only one that has any, and those that know of compensation only one
 * that has none, since experts are not refitted.
 */
export function knowsUnits(shape: Pick<DecoderShape, "layers">, metric: string): boolean {
  const needsExperts = isMeasuredMetric(metric) && measuredMetrics[metric].needs.includes("experts");
  return hasExperts(shape) ? isMeasuredMetric(metric) : !needsExperts;
}

/** Every metric that a job may name. */
export const importanceNames: readonly string[] = [...measuredMetricNames, ...compensatedMetricNames];
