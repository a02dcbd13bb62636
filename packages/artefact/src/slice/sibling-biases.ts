import type { DecoderShape } from "@espalier/contracts";
import type { ProjectionName } from "@espalier/graph";
import { biasName } from "./biases.js";
import type { SlicedTensor } from "./slice-model.js";

/**
 * Zero biases of the projections that compensation gives none. The switches of plain Llama configs, `attention_bias` and
 * `mlp_bias`, cover a whole sub-block, so its other projections must have one too. Shapes of width zero have no tensors.
 */
export function siblingBiases(shape: DecoderShape): readonly SlicedTensor[] {
  return shape.layers.flatMap(({ heads, kvHeads, intermediateSize }, layer) => {
    const zeros = (projection: ProjectionName, length: number): SlicedTensor => ({
      name: biasName(layer, projection),
      shape: [length],
      data: () => new Float32Array(length),
      untouched: false,
    });
    return [
      zeros("q_proj", heads * shape.headDim),
      zeros("k_proj", kvHeads * shape.headDim),
      zeros("v_proj", kvHeads * shape.headDim),
      zeros("gate_proj", intermediateSize),
      zeros("up_proj", intermediateSize),
    ].filter(({ shape: [length] }) => length > 0);
  });
}
