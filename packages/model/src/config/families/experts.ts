import type { BlockWidths, ExpertsShape, LayerShape } from "@espalier/contracts";
import { configInvalid } from "../config-invalid.js";
import type { DecoderKeys } from "./decoder-keys.js";

/** A mixture of experts as a config names it. */
export interface Mixture extends ExpertsShape {
  /** Channels of one expert. */
  readonly size: number;
}

/** What a family calls the tensors of its experts, below `model.layers.N`. */
export interface ExpertNames {
  readonly router: string;
  readonly expert: (index: number, projection: "gate_proj" | "up_proj" | "down_proj") => string;
}

/** More than any published model has by far; each has three tensors to be listed. */
const MAX_EXPERTS = 2 ** 17;

/**
 * A layer whose MLP is a mixture, with the experts that a pruned model's `espalier_layers` gives it, each with the channels
 * that its `intermediate_size` says. None are an absent MLP.
 */
export function mixedLayer(keys: DecoderKeys, layer: number, widths: BlockWidths, mixture: Mixture): LayerShape {
  const own = keys.espalier_layers?.[layer];
  const { size: standardSize, ...experts } = mixture;
  const count = own === undefined ? experts.count : (own.num_local_experts ?? 0);
  const size = own === undefined ? standardSize : own.intermediate_size;
  if (count === 0 || size === 0) return { ...widths, intermediateSize: 0 };
  if (count < experts.perToken) {
    const key = own === undefined ? "num_experts_per_tok" : `espalier_layers.${layer}.num_local_experts`;
    const [value, wanted] =
      own === undefined
        ? [experts.perToken, `at most the ${count} experts`]
        : [count, `at least the ${experts.perToken} experts that each token uses`];
    throw configInvalid(key, value, wanted);
  }
  return { ...widths, intermediateSize: size * count, experts: { ...experts, count } };
}

/** Refuses a count that would make the list of tensors an attack. */
export function assertFewExperts(key: string, count: number, layers: number): void {
  if (count * layers > MAX_EXPERTS) {
    throw configInvalid(key, count, `at most ${MAX_EXPERTS} experts in all of ${layers} layers`);
  }
}

/** The keys of a mixture that every layer has alike, or undefined. */
export function commonMixture(layers: readonly LayerShape[]): Mixture | undefined {
  const [first, ...others] = layers.map(({ experts, intermediateSize }) =>
    experts === undefined ? undefined : { ...experts, size: intermediateSize / experts.count },
  );
  const same = (other: Mixture | undefined): boolean =>
    other?.count === first?.count &&
    other?.size === first?.size &&
    other?.perToken === first?.perToken &&
    other?.normalised === first?.normalised;
  return others.every(same) ? first : undefined;
}
