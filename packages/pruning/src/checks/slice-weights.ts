import type { DecoderShape } from "@espalier/contracts";
import { projectionNames, projectionWeight } from "@espalier/graph";
import { keptInputs, type Plan } from "../units/index.js";

/** Weights with the removed units cut out: rows of q, k, v, gate and up, columns of o and down. For checks. */
export function sliceWeights(
  shape: DecoderShape,
  weights: ReadonlyMap<string, Float32Array>,
  plan: Plan,
): Map<string, Float32Array> {
  const sliced = new Map(weights);
  for (let layer = 0; layer < shape.layers.length; layer++) {
    for (const projection of projectionNames) {
      const name = projectionWeight(layer, projection);
      const dense = weights.get(name);
      if (dense === undefined) continue; // a layer without that sub-block
      const kept = keptVectors(shape, plan, layer, projection);
      const columns = projection === "o_proj" || projection === "down_proj";
      sliced.set(name, columns ? takeColumns(dense, shape.hiddenSize, kept) : takeRows(dense, shape.hiddenSize, kept));
    }
  }
  return sliced;
}

function keptVectors(shape: DecoderShape, plan: Plan, layer: number, projection: string): Int32Array {
  if (projection === "q_proj" || projection === "o_proj") return keptInputs(shape, plan, layer, "o_proj");
  if (projection !== "k_proj" && projection !== "v_proj") return plan.layers[layer].channels;
  const { headDim } = shape;
  const groups = plan.layers[layer].kvGroups;
  return Int32Array.from({ length: groups.length * headDim }, (_, i) => {
    return groups[Math.floor(i / headDim)] * headDim + (i % headDim);
  });
}

function takeRows(matrix: Float32Array, width: number, rows: Int32Array): Float32Array {
  const taken = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    taken.set(matrix.subarray(row * width, (row + 1) * width), i * width);
  });
  return taken;
}

function takeColumns(matrix: Float32Array, height: number, columns: Int32Array): Float32Array {
  const width = matrix.length / height;
  const taken = new Float32Array(height * columns.length);
  for (let row = 0; row < height; row++) {
    for (let c = 0; c < columns.length; c++) taken[row * columns.length + c] = matrix[row * width + columns[c]];
  }
  return taken;
}
