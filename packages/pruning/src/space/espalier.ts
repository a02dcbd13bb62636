import { layerGroupCount } from "../allocation/width-factors.js";
import { aggregationNames } from "../importance/aggregate.js";
import { hasExperts } from "../importance/metrics-of.js";
import { normalisationNames } from "../importance/normalise.js";
import { queryHeadsPerGroup } from "../units/costs.js";
import { BASELINE_LAMBDA, lambdaGrid, type SpaceContext } from "./context.js";
import { choice, grid, real, type SpaceEntry, whole } from "./entry.js";

/**
 * Log range of the width factors. Moves of 3–25 % of a layer's channels are what direct exchange gains from; e^0.4
 * reaches them with room. KV groups are few: going from one to two of K = 2 needs a factor above 1.5 (0.41).
 */
const MLP_WIDTH_RANGE = [-0.4, 0.4] as const;
const ATTENTION_WIDTH_RANGE = [-0.7, 0.7] as const;
/** e^±3 takes a layer from its minimum to its full width in any model. */
const WIDTH_BOUNDS = [-3, 3] as const;
/** Densities of good gradient metrics differ by orders of magnitude between layers, so e^±1 is a mild bend. */
const BEND_RANGE = [-1, 1] as const;
const BEND_BOUNDS = [-5, 5] as const;

/** Any ridge factor may be asked for, not only the grid's; each costs one inverse per projection. */
const LAMBDA_BOUNDS = [1e-8, 10] as const;
/** Share of the depth up to which dropping is searched once a job opens it; models lose quality fast beyond. */
const USUAL_DROP = 0.25;

/**
 * Preset `espalier`: widths first, since how much each layer keeps matters more than what ranks its units; then which
 * units leave (leading metric, obs share) and how the rest is repaired. What gained nothing in measured searches is
 * closed: bends that layer widths express already, and, unless the layout leaves only the ranking to choose, mixture
 * and calibration weights. At the neutral values every single metric's global baseline is an exact point.
 */
export function espalierEntries(context: SpaceContext): SpaceEntry[] {
  const ranking = context.layout === "uniform";
  return [
    ...(context.layout === "free" ? allocationEntries(context) : []),
    ...dropEntries(context),
    ...queryHeadEntries(context),
    ...(context.layout === "uniform" ? [choice("dividing_heads", [true, false], true, false)] : []),
    real("attention_factor", BEND_RANGE, 0, { bounds: BEND_BOUNDS, open: false }),
    // Experts have no elimination order: they are not refitted.
    ...(hasExperts(context.shape) ? [] : [real("obs_share", [0, 1], 0)]),
    ...compensationEntries(context),
    ...mixtureEntries(context, ranking),
    // With one cluster, as short memory may leave, its weight changes nothing.
    ...Array.from({ length: context.clusters }, (_, c) =>
      real(`cluster.${c}`, [0, 1], 1, { open: ranking && context.clusters > 1 }),
    ),
    real("cluster.temperature", [-1, 1], 0, { bounds: [-4, 4], open: false }),
    // Uniform layouts search the weights for the ranking's sake; second moments for each would slow every trial down.
    choice("compensation.cluster_weights", [true, false], !ranking, false),
  ];
}

function allocationEntries({ shape }: SpaceContext): SpaceEntry[] {
  const depth = shape.layers.length;
  const groups = Array.from({ length: layerGroupCount(depth) }, (_, g) => g);
  const severalGroups = shape.layers.some((layer) => layer.kvHeads > 1);
  const protectable = Math.max(0, depth - 1);
  // Where every layer has a factor of its own, a bend over the depth says nothing new.
  const shared = groups.length < depth;
  return [
    ...groups.map((g) => real(`width.mlp.${g}`, MLP_WIDTH_RANGE, 0, { bounds: WIDTH_BOUNDS })),
    // With one KV group per layer there is nothing to choose: the last one stays.
    ...(severalGroups
      ? groups.map((g) => real(`width.attention.${g}`, ATTENTION_WIDTH_RANGE, 0, { bounds: WIDTH_BOUNDS }))
      : []),
    choice("allocation", ["global", "uniform"]),
    real("depth.tilt", BEND_RANGE, 0, { bounds: BEND_BOUNDS, open: shared }),
    real("depth.curvature", BEND_RANGE, 0, { bounds: BEND_BOUNDS, open: shared }),
    real("equalisation", [0, 1], 0, { open: shared }),
    real("similarity", [0, 1], 0, { bounds: [-2, 2], open: shared }),
    whole("protect.first", [0, protectable], 0, { open: false }),
    whole("protect.last", [0, protectable], 0, { open: false }),
  ];
}

/** Depth pruning: how many blocks, attentions and MLPs leave whole. Equal layers can only lose whole blocks. */
function dropEntries({ shape, layout }: SpaceContext): SpaceEntry[] {
  const most = Math.max(0, shape.layers.length - 1);
  const usual = Math.ceil(most * USUAL_DROP);
  const parts = layout === "free" ? ["blocks", "attention", "mlp"] : ["blocks"];
  return parts.map((part) => whole(`depth.drop_${part}`, [0, usual], 0, { bounds: [0, most], open: false }));
}

/** Query heads that leave inside KV groups; with one per group there is nothing to choose: the last one stays. */
function queryHeadEntries({ shape }: SpaceContext): SpaceEntry[] {
  const several = shape.layers.some((layer) => queryHeadsPerGroup(layer) > 1);
  return several ? [real("query_heads", [0, 1], 0, { bounds: [0, 10], open: false })] : [];
}

/** Method and ridge. `bias` is left to the user: plain Llama folders have no place for it, and `least_squares` contains its gain. */
export function compensationEntries({ compensation }: SpaceContext): SpaceEntry[] {
  const method =
    compensation === "search"
      ? choice("compensation", ["least_squares", "none"])
      : choice("compensation", [compensation], compensation, false);
  const usesRidge = compensation === "search" || compensation === "least_squares";
  return [method, grid("lambda", lambdaGrid, BASELINE_LAMBDA, LAMBDA_BOUNDS, usesRidge)];
}

/** The leading metric counts fully, the others by their weight; closed, the leading one decides alone. */
function mixtureEntries({ metrics }: SpaceContext, open: boolean): SpaceEntry[] {
  return [
    choice("metric", metrics, metrics[0], metrics.length > 1),
    ...metrics.map((metric) => real(`metric.${metric}`, [0, 1], 0, { open: open && metrics.length > 1 })),
    // `mean` keeps a single metric's ranking, as `none` does; raw scores of unlike metrics make no mixture.
    choice("norm", normalisationNames, "mean", open),
    choice("agg", aggregationNames, aggregationNames[0], open),
    real("power", [0.3, 3], 1, { bounds: [0.1, 10], log: true, open }),
  ];
}
