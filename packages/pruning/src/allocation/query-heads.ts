import type { DecoderShape, LayerShape } from "@espalier/contracts";
import { prunableParameters, queryHeadCost, queryHeadsPerGroup, unitCosts } from "../units/costs.js";
import type { LayerPlan } from "../units/plan.js";
import { thinnedShape } from "../units/query-heads.js";
import type { UnitScores } from "../units/scores.js";
import type { AllocationSettings } from "./allocate.js";
import { droppedSubBlocks } from "./drop.js";
import { type KeepOrder, keepOrder } from "./keep-order.js";
import { keptBudget, type LayerLimits, widthLimits, widthParameters } from "./limits.js";
import { modifyDensities } from "./modifiers/index.js";

/** What decides how many query heads the KV groups of each layer are left with. */
export interface ThinningSettings extends AllocationSettings {
  /** Factor on the price at which query heads leave: 0 keeps all, at 1 they leave as their importance per parameter says. */
  readonly queryHeads: number;
}

/** The model that widths are allocated for once query heads have left. */
export interface ThinnedModel {
  readonly shape: DecoderShape;
  /** Importance per parameter of every unit that is left. */
  readonly densities: UnitScores;
  /** Share of the parameters of `shape` that is still to be removed. */
  readonly sparsity: number;
  /** Query heads of every KV group, where a layer lost any. */
  readonly layers: readonly Pick<LayerPlan, "queryHeads">[];
}

/** One query head less in every KV group of some layers: those that score least. */
interface ThinningStep {
  readonly layers: readonly number[];
  readonly cost: number;
  /** Importance per parameter, divided by the setting. */
  readonly density: number;
}

/**
 * How many query heads leave, before widths are chosen: every KV group of a layer loses equally many, as grouped attention
 * needs, least important first, in one order with whole groups and channels that is cut at the budget. Where all widths
 * are to be equal, all layers lose equally many. Protected and dropped attentions lose none, and one head of each group
 * stays. `shares`: of its group's importance, by query head. Throws AppError SPARSITY_UNREACHABLE.
 */
export function thinQueryHeads(
  shape: DecoderShape,
  densities: UnitScores,
  shares: readonly Float64Array[],
  settings: ThinningSettings,
): ThinnedModel {
  const { sparsity, modifiers, blockChange } = settings;
  const limits = widthLimits(shape, { ...settings, dropped: droppedSubBlocks(shape, settings) });
  const budget = keptBudget(shape, limits, sparsity);
  const input = { shape, densities, ...(blockChange === undefined ? {} : { blockChange }) };
  const modified = modifyDensities(input, modifiers);
  const heads = shape.layers.map((layer, l) => headsByGroup(layer, shares[l]));
  const thinning = layersThatThinTogether(shape, limits, settings).flatMap((layers) =>
    thinningSteps(shape, layers, heads, modified.attention, settings.queryHeads),
  );
  const order = keepOrder(shape, modified, limits);
  const lost = headsLost(shape, thinning, order, budget);
  const left = shape.layers.map((_, l) => (lost[l] === 0 ? {} : { queryHeads: withoutLeast(heads[l], lost[l]) }));
  const thin = thinnedShape(shape, left);
  return {
    shape: thin,
    densities: { attention: thinnedDensities(shape, thin, densities.attention, heads), mlp: densities.mlp },
    sparsity: 1 - budget / prunableParameters(thin),
    layers: left,
  };
}

/** Query heads of each KV group, those with the least share of its importance first. */
type HeadsByGroup = readonly (readonly { readonly head: number; readonly share: number }[])[];

function headsByGroup(layer: LayerShape, shares: Float64Array): HeadsByGroup {
  const perGroup = queryHeadsPerGroup(layer);
  return Array.from({ length: layer.kvHeads }, (_, group) =>
    Array.from(shares.subarray(group * perGroup, (group + 1) * perGroup), (share, i) => {
      return { head: group * perGroup + i, share };
    }).sort((a, b) => a.share - b.share || a.head - b.head),
  );
}

function layersThatThinTogether(
  shape: DecoderShape,
  limits: readonly LayerLimits[],
  { allocation, protectFirst = 0, protectLast = 0 }: ThinningSettings,
): number[][] {
  const all = [...shape.layers.keys()];
  const free = all.slice(protectFirst, all.length - protectLast);
  if (allocation !== "equal") return free.filter((layer) => limits[layer].attention.max > 0).map((layer) => [layer]);
  return free.length < all.length ? [] : [all.filter((layer) => shape.layers[layer].kvHeads > 0)];
}

function thinningSteps(
  shape: DecoderShape,
  layers: readonly number[],
  heads: readonly HeadsByGroup[],
  densities: readonly Float64Array[],
  readiness: number,
): ThinningStep[] {
  const groupCosts = unitCosts(shape).attention;
  const cost = layers.reduce((sum, l) => sum + shape.layers[l].kvHeads * queryHeadCost(shape), 0);
  const most = Math.min(...layers.map((l) => queryHeadsPerGroup(shape.layers[l]))) - 1;
  const lossOf = (l: number, step: number): number =>
    heads[l].reduce((sum, group, k) => sum + densities[l][k] * group[step].share, 0) * groupCosts[l];
  return Array.from({ length: Math.max(0, most) }, (_, step) => {
    // Shares rise within a group, so a later step is never the cheaper one.
    const loss = layers.reduce((sum, l) => sum + lossOf(l, step), 0);
    return { layers, cost, density: loss / cost / readiness };
  });
}

/** How many query heads the groups of each layer have lost once the budget is met. */
function headsLost(
  shape: DecoderShape,
  thinning: readonly ThinningStep[],
  { widest, steps }: KeepOrder,
  budget: number,
): number[] {
  const lost = shape.layers.map(() => 0);
  let kept = widthParameters(shape, widest);
  // Heads alone must not remove more than is asked: nothing could come back in their place.
  let room = prunableParameters(shape) - budget;
  for (const step of [...thinning, ...steps].sort((a, b) => a.density - b.density)) {
    if (kept <= budget) break;
    if ("layers" in step) {
      if (step.cost > room) continue;
      room -= step.cost;
      for (const layer of step.layers) lost[layer]++;
    }
    kept -= step.cost;
  }
  return lost;
}

function withoutLeast(heads: HeadsByGroup, lost: number): Int32Array {
  return Int32Array.from(heads.flatMap((group) => group.slice(lost).map(({ head }) => head))).sort();
}

/** What is left of each group's importance, per parameter that is left of it. */
function thinnedDensities(
  shape: DecoderShape,
  thin: DecoderShape,
  densities: readonly Float64Array[],
  heads: readonly HeadsByGroup[],
): Float64Array[] {
  const [before, after] = [unitCosts(shape).attention, unitCosts(thin).attention];
  return densities.map((values, l) => {
    const lost = queryHeadsPerGroup(shape.layers[l]) - queryHeadsPerGroup(thin.layers[l]);
    return values.map((density, k) => {
      const gone = heads[l][k].slice(0, lost).reduce((sum, { share }) => sum + share, 0);
      return lost === 0 ? density : (density * Math.max(0, 1 - gone) * before[l]) / after[l];
    });
  });
}
