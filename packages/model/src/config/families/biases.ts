import type { ProjectionName } from "@espalier/contracts";

/** Projections that `attention_bias` gives a bias. */
export const attentionProjections = ["q_proj", "k_proj", "v_proj", "o_proj"] as const satisfies ProjectionName[];
/** Projections that `mlp_bias` gives a bias. */
export const mlpProjections = ["gate_proj", "up_proj", "down_proj"] as const satisfies ProjectionName[];
/** Projections that `espalier_projection_bias` gives a bias: the compensation of removed inputs. */
export const outputProjections = ["o_proj", "down_proj"] as const satisfies ProjectionName[];

/** Whether all of a sub-block's projections have a bias, or none has; undefined for some. */
export function allOrNone(
  biases: readonly ProjectionName[],
  projections: readonly ProjectionName[],
): boolean | undefined {
  const count = projections.filter((projection) => biases.includes(projection)).length;
  if (count === 0) return false;
  return count === projections.length ? true : undefined;
}
