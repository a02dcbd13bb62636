import type { DecoderShape } from "@espalier/contracts";
import { queryHeadsPerGroup } from "./costs.js";
import type { Plan } from "./plan.js";
import type { OutputProjectionName } from "./vectors.js";

/** Input columns of `o_proj` ([H·d] inputs) or `down_proj` ([F]) that a plan keeps, ascending. */
export function keptInputs(
  shape: DecoderShape,
  plan: Plan,
  layer: number,
  projection: OutputProjectionName,
): Int32Array {
  const kept = plan.layers[layer];
  if (projection === "down_proj") return kept.channels;
  const width = queryHeadsPerGroup(shape.layers[layer]) * shape.headDim;
  const inputs = new Int32Array(kept.kvGroups.length * width);
  kept.kvGroups.forEach((group, i) => {
    for (let c = 0; c < width; c++) inputs[i * width + c] = group * width + c;
  });
  return inputs;
}
