import { append, cast } from "../builder/expressions.js";
import type { GraphBuilder } from "../builder/graph-builder.js";
import type { DType, Value } from "../builder/value.js";
import { cacheNames } from "./names.js";

/**
 * Keys and values of earlier positions, an input and an output for each layer that has attention, [B, K, positions, d] with
 * the layer's own K; and what says which of T positions count and where the S new ones stand.
 */
export class KeyValueCache {
  /** Position of each new token in its text, int64 [B, S]. */
  readonly positions: Value;
  /** 1 where a token counts, 0 where it only fills a row, int64 [B, T]. */
  readonly mask: Value;
  /** The caches with the new positions, by output name. */
  readonly present: Record<string, Value> = {};
  readonly #masks = new Map<number | undefined, Value>();

  constructor(
    readonly builder: GraphBuilder,
    readonly dtype: DType,
  ) {
    this.mask = builder.input(cacheNames.attentionMask, "int64", ["B", "T"]);
    this.positions = builder.input(cacheNames.positionIds, "int64", ["B", "S"]);
  }

  /** New keys or values [B, K, S, d] of a layer behind those of the cache: float32 [B, K, T, d]. */
  extend(layer: number, part: "key" | "value", added: Value): Value {
    const g = this.builder;
    const [batch, kvHeads, , headDim] = added.shape;
    const past = g.input(cacheNames.past(layer, part), this.dtype, [batch, kvHeads, "P", headDim]);
    const whole = append(g, past, cast(g, added, this.dtype), 2, "T");
    this.present[cacheNames.present(layer, part)] = whole;
    return cast(g, whole, "float32");
  }

  /** What is added to scores [B, heads, S, T]. */
  scoreMask(masked: number, window?: number): Value {
    const known = this.#masks.get(window);
    if (known !== undefined) return known;
    const attributes = { masked, ...(window === undefined ? {} : { window }) };
    const mask = this.builder.add("CausalMask", [this.mask, this.positions], attributes);
    this.#masks.set(window, mask);
    return mask;
  }
}
