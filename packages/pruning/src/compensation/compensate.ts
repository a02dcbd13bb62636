import type { DecoderShape } from "@espalier/contracts";
import { keptInputs } from "../units/kept-inputs.js";
import { assertPlan, type Plan } from "../units/plan.js";
import type { OutputProjectionName } from "../units/vectors.js";
import { bias } from "./bias.js";
import type { Compensation, CompensationOptions } from "./compensation.js";
import { leastSquares } from "./least-squares.js";
import { none } from "./none.js";
import type { ProjectionStatistics, RefittedProjection } from "./projection.js";

/** Closed-form repairs of the output projections after pruning. */
export const compensationNames = ["none", "bias", "least_squares"] as const;
export type CompensationName = (typeof compensationNames)[number];

/** How the kept weights of a candidate are repaired. */
export interface Repair {
  readonly compensation: CompensationName;
  /** Ridge; only `least_squares` reads it. */
  readonly lambda: number;
}

const registry = { none, bias, least_squares: leastSquares } as const satisfies Record<CompensationName, Compensation>;

/** A projection that compensation changed. */
export interface CompensatedProjection extends RefittedProjection {
  readonly layer: number;
  readonly projection: OutputProjectionName;
}

/**
 * Carries out a compensation for a plan on every output projection given; projections that lose no input, and those
 * that lose all, are left out of the result. A pure function of its arguments; the cache only saves time.
 */
export function compensate(
  shape: DecoderShape,
  plan: Plan,
  projections: readonly ProjectionStatistics[],
  name: CompensationName,
  options: CompensationOptions,
): CompensatedProjection[] {
  assertPlan(shape, plan);
  const compensation: Compensation = registry[name];
  return projections.flatMap((statistics) => {
    const { layer, projection } = statistics;
    const refitted = compensation.refit(statistics, keptInputs(shape, plan, layer, projection), options);
    const unchanged = refitted.weight === undefined && refitted.bias === undefined;
    return unchanged ? [] : [{ layer, projection, ...refitted }];
  });
}
