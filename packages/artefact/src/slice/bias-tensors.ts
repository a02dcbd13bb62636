import type { DecoderShape } from "@espalier/contracts";
import { type ColumnProjection, inputNames, type ProjectionName, projectionWeight } from "@espalier/graph";
import type { SlicedTensor } from "./slice-model.js";

/** Projections that a Llama with `attention_bias` and `mlp_bias` gives a bias: all of a sub-block. */
const siblings = {
  o_proj: ["q_proj", "k_proj", "v_proj", "o_proj"],
  down_proj: ["gate_proj", "up_proj", "down_proj"],
} as const satisfies Record<ColumnProjection, readonly ProjectionName[]>;

/** Name of a projection's bias, as Hugging Face names it: `model.layers.3.mlp.down_proj.bias`. */
export const biasName = (layer: number, projection: ProjectionName): string =>
  projectionWeight(layer, projection).replace(/weight$/, "bias");

/**
 * Biases of the compensation `bias`, under the names that Llama loaders know. Their switches (`attention_bias`,
 * `mlp_bias`) cover a whole sub-block, so the projections we have no bias for get zeros. Empty without biases.
 */
export function biasTensors(shape: DecoderShape, biases: ReadonlyMap<string, Float32Array>): readonly SlicedTensor[] {
  if (biases.size === 0) return [];
  return shape.layers.flatMap((layer, l) => [
    ...(layer.kvHeads === 0 ? [] : ofSubBlock(shape, l, "o_proj", biases)),
    ...(layer.intermediateSize === 0 ? [] : ofSubBlock(shape, l, "down_proj", biases)),
  ]);
}

function ofSubBlock(
  shape: DecoderShape,
  layer: number,
  carrier: ColumnProjection,
  biases: ReadonlyMap<string, Float32Array>,
): readonly SlicedTensor[] {
  return siblings[carrier].map((projection) => {
    const length = outputs(shape, layer, projection);
    const given = projection === carrier ? biases.get(inputNames.projectionBias(layer, carrier)) : undefined;
    if (given !== undefined && given.length !== length) {
      throw new RangeError(`bias of layer ${layer} ${carrier} has ${given.length} numbers, expected ${length}`);
    }
    return {
      name: biasName(layer, projection),
      shape: [length],
      data: () => given ?? new Float32Array(length),
      untouched: false,
    };
  });
}

function outputs(shape: DecoderShape, layer: number, projection: ProjectionName): number {
  const { heads, kvHeads, intermediateSize } = shape.layers[layer];
  switch (projection) {
    case "q_proj":
      return heads * shape.headDim;
    case "k_proj":
    case "v_proj":
      return kvHeads * shape.headDim;
    case "gate_proj":
    case "up_proj":
      return intermediateSize;
    case "o_proj":
    case "down_proj":
      return shape.hiddenSize;
    default: {
      const impossible: never = projection;
      throw new TypeError(`unknown projection ${String(impossible)}`);
    }
  }
}
