import { channelsPerMlpUnit, type DecoderShape } from "@espalier/contracts";
import type { Plan } from "./plan.js";
import { keptQueryHeads } from "./query-heads.js";
import type { OutputProjectionName } from "./vectors.js";

/** Input columns of `o_proj` ([H·d] inputs) or `down_proj` ([F]) that a plan keeps, ascending. */
export function keptInputs(
  shape: DecoderShape,
  plan: Plan,
  layer: number,
  projection: OutputProjectionName,
): Int32Array {
  const kept = plan.layers[layer];
  if (projection === "down_proj") return neighbours(kept.channels, channelsPerMlpUnit(shape.layers[layer]));
  return neighbours(keptQueryHeads(shape.layers[layer], kept), shape.headDim);
}

/** The inputs of units that have `width` neighbouring ones each. */
function neighbours(units: Int32Array, width: number): Int32Array {
  if (width === 1) return units;
  return Int32Array.from(
    { length: units.length * width },
    (_, i) => units[Math.floor(i / width)] * width + (i % width),
  );
}

/** A matrix [outputs, inputs] with zeros in all columns but `kept`; the matrix itself where all are kept. */
export function zeroColumns(weight: Float32Array, outputs: number, kept: Int32Array): Float32Array {
  const inputs = weight.length / outputs;
  if (kept.length === inputs) return weight;
  const masked = new Float32Array(weight.length);
  for (let row = 0; row < weight.length; row += inputs) for (const i of kept) masked[row + i] = weight[row + i];
  return masked;
}
