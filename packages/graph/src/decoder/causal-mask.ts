import type { Value } from "../builder/value.js";
import type { DecoderGraph } from "./decoder-graph.js";

/** Added to scores of positions that a query does not see. Not −∞: a row of −∞ alone would give NaN. */
const MASKED_SCORE = -1e9;

/**
 * 0 where a query may look, MASKED_SCORE at later positions and at those before the last `window` ones: [T, T], or
 * [B, 1, S, T] where a cache has the earlier positions.
 */
export function causalMask({ builder, tokens, dtype, cache }: DecoderGraph, window: number = tokens): Value {
  const seen = Math.min(window, tokens);
  if (cache !== undefined) return cache.scoreMask(MASKED_SCORE, seen < tokens ? seen : undefined);
  return builder.constant(`causal_mask.${seen}`, [tokens, tokens], () => {
    const size = tokens * tokens;
    const mask = dtype === "float32" ? new Float32Array(size) : new Float64Array(size);
    mask.fill(MASKED_SCORE);
    for (let query = 0; query < tokens; query++)
      mask.fill(0, query * tokens + Math.max(0, query + 1 - seen), query * tokens + query + 1);
    return mask;
  });
}
