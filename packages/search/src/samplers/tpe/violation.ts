import type { Trial } from "../../history/trial.js";

/** How constraints are read: not at all, or with a meaning for trials that have none. */
export interface ConstraintRule {
  readonly constraints: boolean;
  readonly missingConstraints: "feasible" | "infeasible";
}

/** Total violation of a trial: the sum of its positive constraint values; 0 = feasible. */
export function violation(trial: Trial, rule: ConstraintRule): number {
  if (!rule.constraints) return 0;
  if (trial.constraints === undefined) return rule.missingConstraints === "feasible" ? 0 : Infinity;
  let sum = 0;
  for (const value of trial.constraints) if (value > 0) sum += value;
  return sum;
}
