import type { DecoderShape, JobSpec } from "@espalier/contracts";
import { type Round, streamRng } from "@espalier/search";
import { droppedBy } from "../allocation/drop.js";
import { fixedAt, type LimitOptions, sparsityBudget, widthLimits } from "../allocation/limits.js";
import { prunableParameters } from "../units/costs.js";
import type { Plan } from "../units/plan.js";
import { thinnedShape } from "../units/query-heads.js";
import { ExchangeState, type Move } from "./exchange-state.js";
import type { UnitEffects } from "./unit-effects.js";

export interface ExchangeOptions extends LimitOptions, Round {
  readonly sparsity: number;
  readonly layout: JobSpec["target"]["layout"];
}

/**
 * The plan after one round of exchange: the lost units that are predicted to help most come back, and the kept ones
 * that are predicted to hurt least leave, until `share` of the removed parameters have moved. Keeps the sparsity as any
 * plan does: at least that much is removed, and less than one channel step more. Equal widths stay equal: there, and
 * for half of the share where widths have steps, units are swapped within their layer and kind.
 * A dropped sub-block stays dropped, experts stay as the plan has them, and KV groups come and go with the query heads that their layer's are left with. At least one exchange is made where the limits allow one; a plan that allows none is returned as it is.
 */
export function exchangeUnits(shape: DecoderShape, plan: Plan, effects: UnitEffects, options: ExchangeOptions): Plan {
  const { sparsity, layout, share, roundTo = 1 } = options;
  const limits = widthLimits(shape, { ...options, dropped: droppedBy(plan) }).map((limit, l) =>
    // What an expert would bring depends on how the router would choose then: no gradient tells.
    shape.layers[l].experts === undefined ? limit : { ...limit, mlp: fixedAt(plan.layers[l].channels.length) },
  );
  const state = new ExchangeState(thinnedShape(shape, plan.layers), plan, effects, limits);
  const mayMove = drawOf(options);
  const quota = share * (prunableParameters(shape) - state.parameters);
  const stepped = roundTo > 1;
  if (layout === "uniform" || stepped) swapWithinLayers(state, mayMove, stepped ? quota / 2 : quota);
  if (layout === "uniform") return state.plan();
  const budget = sparsityBudget(shape, sparsity);
  transfer(state, mayMove, stepped ? quota / 2 : quota, budget);
  fill(state, budget);
  return state.plan();
}

/** Share of the units that may move in a drawn round. */
const DRAWN_SHARE = 0.5;

/** Which units may move in a round; asked once per unit, in a fixed order. */
function drawOf({ draw }: Round): () => boolean {
  if (draw === 0) return () => true;
  const rng = streamRng(draw, 0);
  return () => rng.next() < DRAWN_SHARE;
}

/** Swaps of one unit for another of the same layer and kind, best pairs first. */
function swapWithinLayers(state: ExchangeState, mayMove: () => boolean, quota: number): void {
  const pairs = state
    .moves(mayMove, "single")
    .flatMap(({ restore, remove }) => restore.slice(0, remove.length).map((back, i) => ({ back, away: remove[i] })));
  pairs.sort((a, b) => a.back.density + a.away.density - (b.back.density + b.away.density));
  let moved = 0;
  for (const { back, away } of pairs) {
    if (moved > 0 && moved + back.cost > quota) return;
    state.restore(back);
    state.remove(away);
    moved += back.cost;
  }
}

/** Moves of whole steps between layers and kinds. */
function transfer(state: ExchangeState, mayMove: () => boolean, quota: number, budget: number): void {
  const moves = state.moves(mayMove, "step");
  const remove = byDensity(moves.flatMap((layer) => layer.remove));
  let moved = 0;
  for (const back of byDensity(moves.flatMap((layer) => layer.restore))) {
    if (moved >= quota) return;
    if ((moved > 0 && moved + back.cost > quota) || !state.mayGrow(back)) continue;
    const away = toRemove(state, remove, state.parameters + back.cost - budget);
    if (away === undefined) continue;
    state.restore(back);
    for (const move of away) {
      state.remove(move);
      remove.splice(remove.indexOf(move), 1);
    }
    moved += back.cost;
  }
}

/** The first moves that free the cost; undefined where the limits keep too much. */
function toRemove(state: ExchangeState, remove: readonly Move[], cost: number): Move[] | undefined {
  const chosen: Move[] = [];
  let freed = 0;
  for (const move of remove) {
    if (freed >= cost) break;
    if (!state.mayShrink(move, chosen)) continue;
    chosen.push(move);
    freed += move.cost;
  }
  return freed >= cost ? chosen : undefined;
}

/** What the removal of a larger unit left over goes back to the best smaller ones, drawn or not. */
function fill(state: ExchangeState, budget: number): void {
  const moves = state.moves(() => true, "step").flatMap((layer) => layer.restore);
  for (const back of byDensity(moves)) {
    if (state.parameters + back.cost <= budget && state.mayGrow(back)) state.restore(back);
  }
}

/** Stable: equal densities stay in the order of layers, attention first. */
function byDensity(moves: Move[]): Move[] {
  return moves.sort((a, b) => a.density - b.density);
}
