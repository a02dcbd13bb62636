import type { DecoderShape } from "@espalier/contracts";
import type { InverseCache } from "../compensation/inverse-cache.js";
import type { ProjectionStatistics } from "../compensation/projection.js";
import { indices } from "../linear-algebra/index.js";
import type { EliminationOrders } from "../plan/ranking.js";
import { queryHeadsPerGroup } from "../units/costs.js";
import { emptyUnitScores, type MetricScores, type QueryHeadScores, type UnitScores } from "../units/scores.js";
import type { Elimination } from "./elimination.js";
import { eliminateInputs } from "./obs-channels.js";
import { eliminateBlocks } from "./obs-groups.js";

/** The ridge of the refits that are thought of, and where their inverses are kept. */
export interface ObsOptions {
  /** Relative to the mean diagonal of the Gram matrix, > 0. */
  readonly lambda: number;
  readonly cache: InverseCache;
}

/** Importance under compensation, of all layers. */
export interface ObsImportance {
  /** Greedy elimination orders: which units should leave a layer, given how many. */
  readonly orders: EliminationOrders;
  /** Scores that rank each layer in its greedy order, on the scale of squared output error. */
  readonly greedy: UnitScores;
  /** Scores of units removed alone, ‖w_j‖² / [R⁻¹]_jj and its block form. */
  readonly oneShot: UnitScores;
  /** Scores by which query heads leave their KV groups, every group losing as many: empty where a group has only one. */
  readonly queryHeads: QueryHeadScores;
}

/**
 * Metric `obs`: what removing a unit costs once the kept weights are refitted. Computed once per job and λ from the
 * Gram matrices; layers without statistics for a projection keep index order and score 0.
 */
export function obsImportance(
  shape: DecoderShape,
  projections: readonly ProjectionStatistics[],
  options: ObsOptions,
): ObsImportance {
  const greedy = emptyUnitScores(shape);
  const oneShot = emptyUnitScores(shape);
  const orders: { attention: Int32Array[]; mlp: Int32Array[] } = {
    attention: greedy.attention.map((units) => indices(units.length)),
    mlp: greedy.mlp.map((units) => indices(units.length)),
  };
  const queryHeads: Float64Array[] = shape.layers.map(() => new Float64Array(0));
  for (const statistics of projections) {
    const { layer, projection } = statistics;
    const kind = projection === "o_proj" ? "attention" : "mlp";
    const elimination = eliminate(shape, statistics, options);
    orders[kind][layer] = elimination.order;
    greedy[kind][layer] = greedyScores(elimination, elimination.order.length);
    oneShot[kind][layer] = elimination.oneShot;
    if (kind === "attention") queryHeads[layer] = queryHeadScores(shape, statistics, options);
  }
  return { orders, greedy, oneShot, queryHeads };
}

/** The greedy scores, as a mixture takes them. */
export function obsScores({ greedy, queryHeads }: ObsImportance): MetricScores {
  return { per: "unit", scores: greedy, queryHeads };
}

/** Elimination of one projection: channels one by one, KV groups as blocks. */
export function eliminate(
  shape: DecoderShape,
  statistics: ProjectionStatistics,
  { lambda, cache }: ObsOptions,
): Elimination {
  const inverse = cache.inverse(statistics, lambda);
  const { layer, projection, weight, inputs } = statistics;
  if (projection === "down_proj") return eliminateInputs(weight, inverse, inputs);
  return eliminateBlocks(weight, inverse, inputs, queryHeadsPerGroup(shape.layers[layer]) * shape.headDim);
}

/** Elimination of the query heads as blocks, one of every KV group at a time. */
function queryHeadScores(
  shape: DecoderShape,
  statistics: ProjectionStatistics,
  { lambda, cache }: ObsOptions,
): Float64Array {
  const perGroup = queryHeadsPerGroup(shape.layers[statistics.layer]);
  if (perGroup === 1) return new Float64Array(0);
  const inverse = cache.inverse(statistics, lambda);
  const { weight, inputs } = statistics;
  return greedyScores(eliminateBlocks(weight, inverse, inputs, shape.headDim, perGroup), perGroup);
}

/**
 * A unit's score is the largest step cost of its family up to its own: a unit that becomes cheap only after others have
 * left cannot leave before them, so scores never fall along the order and ranking by them is the greedy order (ties aside).
 */
function greedyScores({ order, costs }: Elimination, family: number): Float64Array {
  const scores = new Float64Array(order.length);
  const highest = new Float64Array(order.length / family);
  order.forEach((unit, step) => {
    const of = Math.floor(unit / family);
    highest[of] = Math.max(highest[of], costs[step]);
    scores[unit] = highest[of];
  });
  return scores;
}
