import type { BlockWidths, DecoderShape } from "@espalier/contracts";
import {
  isColumnProjection,
  type ProjectionName,
  projectionBias,
  projectionNames,
  projectionWeight,
} from "@espalier/graph";
import { type ExpectedTensor, expectedTensors } from "@espalier/model";
import { placeColumns, placeRows } from "./select.js";
import type { SlicedModel, SlicedTensor } from "./sliced-model.js";

/**
 * The same function in wider layers: new heads and channels read nothing and write nothing, because their weights
 * and biases are zero. Query heads are added inside their KV group first, so that every head still reads its own keys and values; a
 * sub-block that was absent gets a norm of ones. Throws RangeError for widths that do not hold the model's own.
 */
export function padModel(sliced: SlicedModel, widths: readonly BlockWidths[]): SlicedModel {
  widths.forEach((wide, l) => {
    assertHolds(wide, sliced.shape.layers[l], l);
  });
  const layers = widths.map(({ heads, kvHeads, intermediateSize }, l) => {
    return { ...sliced.shape.layers[l], heads, kvHeads, intermediateSize };
  });
  const shape = { ...sliced.shape, layers };
  const given = new Map(sliced.tensors.map((tensor) => [tensor.name, tensor]));
  const moves = vectorMoves(sliced.shape, shape);
  const [first] = sliced.tensors;
  const tensors = expectedTensors({ family: sliced.family, shape }).map((expected): SlicedTensor => {
    const tensor = given.get(expected.name);
    // Stored like the model's first tensor: what is added has no dtype of its own.
    if (tensor === undefined) return { ...added(expected), source: first?.source ?? first?.name ?? expected.name };
    const move = moves.get(expected.name);
    return move === undefined ? tensor : { ...tensor, ...expected, data: () => move(tensor.data()) };
  });
  return { ...sliced, shape, tensors };
}

/** The narrowest widths that hold every layer. */
export function widestLayer({ layers }: DecoderShape): BlockWidths {
  const kvHeads = Math.max(...layers.map((layer) => layer.kvHeads));
  const perGroup = Math.max(...layers.map(groupSize));
  return {
    heads: kvHeads * perGroup,
    kvHeads,
    intermediateSize: Math.max(...layers.map(({ intermediateSize }) => intermediateSize)),
  };
}

/** Query heads of each KV group. */
const groupSize = ({ heads, kvHeads }: BlockWidths): number => (kvHeads === 0 ? 0 : heads / kvHeads);

function assertHolds(wide: BlockWidths, own: BlockWidths | undefined, layer: number): void {
  const holds =
    own !== undefined &&
    wide.kvHeads >= own.kvHeads &&
    groupSize(wide) >= groupSize(own) &&
    Number.isInteger(groupSize(wide)) &&
    wide.intermediateSize >= own.intermediateSize;
  if (!holds) {
    throw new RangeError(`layer ${layer} of ${JSON.stringify(own)} does not fit into ${JSON.stringify(wide)}`);
  }
}

function added({ name, shape }: ExpectedTensor): Omit<SlicedTensor, "source"> {
  const length = shape.reduce((product, size) => product * size, 1);
  const value = name.endsWith("norm.weight") ? 1 : 0;
  return { name, shape, untouched: true, data: () => new Float32Array(length).fill(value) };
}

type Move = (matrix: Float32Array) => Float32Array;

/** How the vectors of each projection of a layer that has it move to their new places. */
function vectorMoves(from: DecoderShape, to: DecoderShape): ReadonlyMap<string, Move> {
  const moves = new Map<string, Move>();
  from.layers.forEach((own, l) => {
    for (const projection of projectionNames) {
      const places = newPlaces(from.headDim, own, to.layers[l], projection);
      const count = width(to.headDim, to.layers[l], projection);
      const place = isColumnProjection(projection) ? placeColumns : placeRows;
      moves.set(projectionWeight(l, projection), (matrix) => place(matrix, places, count));
      if (!isColumnProjection(projection)) {
        moves.set(projectionBias(l, projection), (bias) => placeRows(bias, places, count));
      }
    }
  });
  return moves;
}

/** Rows (q, k, v, gate, up) or columns (o, down) of a projection. */
function width(headDim: number, layer: BlockWidths, projection: ProjectionName): number {
  if (projection === "q_proj" || projection === "o_proj") return layer.heads * headDim;
  if (projection === "k_proj" || projection === "v_proj") return layer.kvHeads * headDim;
  return layer.intermediateSize;
}

/** For each vector of the narrow layer its place in the wide one. */
function newPlaces(headDim: number, own: BlockWidths, wide: BlockWidths, projection: ProjectionName): Int32Array {
  const length = width(headDim, own, projection);
  if (projection !== "q_proj" && projection !== "o_proj") return Int32Array.from({ length }, (_, i) => i);
  const [narrow, broad] = [groupSize(own), groupSize(wide)];
  return Int32Array.from({ length }, (_, i) => {
    const head = Math.floor(i / headDim);
    const place = Math.floor(head / narrow) * broad + (head % narrow);
    return place * headDim + (i % headDim);
  });
}
