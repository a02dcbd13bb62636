import type { DecoderShape } from "@espalier/contracts";
import type { LayerWidths, Plan } from "../units/plan.js";
import type { UnitScores } from "../units/scores.js";
import { type EliminationOrders, leavingOrder } from "./ranking.js";

/**
 * The plan that keeps `widths` units per layer, the last to leave by a blend of two rankings.
 * `share` in [0, 1]: weight of the elimination orders against the scores; without orders the scores decide alone.
 */
export function planFromWidths(
  shape: DecoderShape,
  widths: readonly LayerWidths[],
  scores: UnitScores,
  orders: EliminationOrders | undefined,
  share: number,
): Plan {
  if (widths.length !== shape.layers.length) {
    throw new RangeError(`widths of ${widths.length} layers for a model of ${shape.layers.length}`);
  }
  return {
    layers: widths.map((width, l) => ({
      kvGroups: survivors(leavingOrder(scores.attention[l], orders?.attention[l], share), width.kvGroups),
      channels: survivors(leavingOrder(scores.mlp[l], orders?.mlp[l], share), width.channels),
    })),
  };
}

function survivors(leaving: Int32Array, kept: number): Int32Array {
  if (kept > leaving.length) throw new RangeError(`cannot keep ${kept} of ${leaving.length} units`);
  return leaving.slice(leaving.length - kept).sort();
}
