/** Candidates that only their seed decides. */
import type { DecoderShape } from "@espalier/contracts";
import { type Plan, planFromWidths, type UnitScores } from "@espalier/pruning";
import { streamRng } from "@espalier/search";

/** Plans that keep one KV group fewer (where there are two) and between 40 % and 90 % of each layer's channels. */
export function randomPlans(shape: DecoderShape, count: number): readonly Plan[] {
  return Array.from({ length: count }, (_, seed) => {
    const rng = streamRng(seed, 0);
    const draw = (units: number): Float64Array => Float64Array.from({ length: units }, () => rng.next());
    const scores: UnitScores = {
      attention: shape.layers.map(({ kvHeads }) => draw(kvHeads)),
      mlp: shape.layers.map(({ intermediateSize }) => draw(intermediateSize)),
    };
    const widths = shape.layers.map(({ kvHeads, intermediateSize }) => ({
      kvGroups: Math.max(1, kvHeads - 1),
      channels: Math.round(intermediateSize * (0.4 + 0.5 * rng.next())),
    }));
    return planFromWidths(shape, widths, scores, undefined, 0);
  });
}
