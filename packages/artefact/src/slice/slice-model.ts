import type { DecoderShape } from "@espalier/contracts";
import {
  isColumnProjection,
  type ProjectionName,
  projectionBias,
  projectionNames,
  projectionWeight,
} from "@espalier/graph";
import { decoderName, expectedTensors, type ModelConfig } from "@espalier/model";
import { type CompensatedWeights, keptInputs, type Plan, planShape } from "@espalier/pruning";
import { addedBiases } from "./biases.js";
import { expertSlice } from "./expert-slice.js";
import { takeColumns, takeRows } from "./select.js";
import type { SlicedModel, SlicedTensor } from "./sliced-model.js";

export interface SliceInput {
  readonly config: Pick<ModelConfig, "family" | "shape">;
  /** Dense weights by Hugging Face name. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly plan: Plan;
  /** Replaced weights in dense width, as a decoder reads them, and biases. */
  readonly compensated: CompensatedWeights;
}

/**
 * Cuts the removed units out of the weights: rows of q, k, v, gate and up with their biases, columns of o and
 * down; whole experts with their rows of the router, the kept ones numbered anew.
 * Throws RangeError for a plan or a weight that does not fit the shape.
 */
export function sliceModel({ config, weights, plan, compensated }: SliceInput): SlicedModel {
  const { family } = config;
  const cuts = cutsByTensor(config.shape);
  const biases = addedBiases(config.shape, weights, compensated.biases);
  const planned = planShape(config.shape, plan);
  const shape = biases.projections.length === 0 ? planned : { ...planned, biases: biases.projections };
  const current = new Map([...weights, ...compensated.weights]);
  const isReplaced = (name: string): boolean => compensated.weights.has(decoderName(name).name);
  const tensors = expectedTensors({ family, shape }).map((expected): SlicedTensor => {
    const expert = expertSlice(config.shape, current, plan, expected);
    if (expert !== undefined) return { ...expert, untouched: !isReplaced(expected.name) };
    const replaced = compensated.weights.get(expected.name) ?? biases.tensors.get(expected.name);
    const source = replaced ?? weights.get(expected.name);
    if (source === undefined) throw new RangeError(`the model has no tensor '${expected.name}' to slice`);
    const cut = cuts.get(expected.name);
    return {
      ...expected,
      untouched: replaced === undefined,
      data: () => (cut === undefined ? source : cut(source, plan)),
    };
  });
  return { family, shape, tensors };
}

type Cut = (matrix: Float32Array, plan: Plan) => Float32Array;

function cutsByTensor(shape: DecoderShape): ReadonlyMap<string, Cut> {
  const cuts = new Map<string, Cut>();
  for (let layer = 0; layer < shape.layers.length; layer++) {
    for (const projection of projectionNames) {
      cuts.set(projectionWeight(layer, projection), (matrix, plan) =>
        cutProjection(shape, plan, layer, projection, matrix),
      );
      // The bias of a column projection has a number per output, and keeps them all.
      if (isColumnProjection(projection)) continue;
      cuts.set(projectionBias(layer, projection), (bias, plan) =>
        takeRows(bias, 1, keptVectors(shape, plan, layer, projection)),
      );
    }
  }
  return cuts;
}

function cutProjection(
  shape: DecoderShape,
  plan: Plan,
  layer: number,
  projection: ProjectionName,
  matrix: Float32Array,
): Float32Array {
  const kept = keptVectors(shape, plan, layer, projection);
  const columns = isColumnProjection(projection) ? matrix.length / shape.hiddenSize : shape.hiddenSize;
  return isColumnProjection(projection) ? takeColumns(matrix, columns, kept) : takeRows(matrix, columns, kept);
}

/** Rows (q, k, v, gate, up) or columns (o, down) that stay. */
function keptVectors(shape: DecoderShape, plan: Plan, layer: number, projection: ProjectionName): Int32Array {
  switch (projection) {
    case "q_proj":
    case "o_proj":
      return keptInputs(shape, plan, layer, "o_proj");
    case "gate_proj":
    case "up_proj":
    case "down_proj":
      return keptInputs(shape, plan, layer, "down_proj");
    case "k_proj":
    case "v_proj":
      return keyValueRows(shape.headDim, plan.layers[layer].kvGroups);
    default: {
      const impossible: never = projection;
      throw new TypeError(`unknown projection ${String(impossible)}`);
    }
  }
}

function keyValueRows(headDim: number, groups: Int32Array): Int32Array {
  return Int32Array.from({ length: groups.length * headDim }, (_, i) => {
    return groups[Math.floor(i / headDim)] * headDim + (i % headDim);
  });
}
