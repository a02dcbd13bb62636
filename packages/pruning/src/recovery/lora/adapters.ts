import type { DecoderShape } from "@espalier/contracts";
import { type AdapterOf, inputNames, type ProjectionName, projectionNames, projectionWeight } from "@espalier/graph";
import type { Rng } from "@espalier/search";

/** A projection of a sliced model. */
export interface ProjectionSize {
  readonly layer: number;
  readonly projection: ProjectionName;
  readonly inputs: number;
  readonly outputs: number;
}

/** Where the numbers of an adapter lie: A [rank, inputs] from `a` on, then B [outputs, rank]. */
export interface Adapter extends ProjectionSize {
  readonly rank: number;
  /** Of the product B·A in the changed weight. */
  readonly scale: number;
  readonly a: number;
  readonly b: number;
}

/** All adapters of a model, their numbers in one array. */
export interface AdapterLayout {
  readonly adapters: readonly Adapter[];
  readonly count: number;
}

/** Projections of the sub-blocks that a model has, layer by layer. */
export function projectionSizes({ layers, headDim, hiddenSize }: DecoderShape): ProjectionSize[] {
  return layers.flatMap(({ heads, kvHeads, intermediateSize }, layer) => {
    const sizes: Record<ProjectionName, readonly [outputs: number, inputs: number]> = {
      q_proj: [heads * headDim, hiddenSize],
      k_proj: [kvHeads * headDim, hiddenSize],
      v_proj: [kvHeads * headDim, hiddenSize],
      o_proj: [hiddenSize, heads * headDim],
      gate_proj: [intermediateSize, hiddenSize],
      up_proj: [intermediateSize, hiddenSize],
      down_proj: [hiddenSize, intermediateSize],
    };
    return projectionNames
      .map((projection) => ({ layer, projection, outputs: sizes[projection][0], inputs: sizes[projection][1] }))
      .filter(({ inputs, outputs }) => inputs > 0 && outputs > 0);
  });
}

/** Numbers that one more rank of a projection costs. */
export const rankCost = ({ inputs, outputs }: ProjectionSize): number => inputs + outputs;

/** Lays adapters out; projections of rank 0 have none. `alpha` ÷ rank is the scale of each. */
export function layOut(sizes: readonly ProjectionSize[], ranks: readonly number[], alpha: number): AdapterLayout {
  const adapters: Adapter[] = [];
  let count = 0;
  for (const [i, size] of sizes.entries()) {
    const rank = ranks[i];
    if (rank === 0) continue;
    adapters.push({ ...size, rank, scale: alpha / rank, a: count, b: count + rank * size.inputs });
    count += rank * rankCost(size);
  }
  return { adapters, count };
}

/** A uniform in ±1/√inputs, B zero (Hu et al., arXiv 2106.09685): the model is the pruned one before the first step. */
export function initialAdapters({ adapters, count }: AdapterLayout, rng: Rng): Float32Array {
  const values = new Float32Array(count);
  for (const { a, b, inputs } of adapters) {
    for (let i = a; i < b; i++) values[i] = (2 * rng.next() - 1) / Math.sqrt(inputs);
  }
  return values;
}

/** What a graph is told of the adapters. */
export function adapterOf({ adapters }: AdapterLayout): AdapterOf {
  const known = new Map(adapters.map((adapter) => [projectionWeight(adapter.layer, adapter.projection), adapter]));
  return (layer, projection) => known.get(projectionWeight(layer, projection));
}

/** Inputs of a graph by name: where their numbers lie, and their dimensions. */
export function adapterInputs({ adapters }: AdapterLayout) {
  return adapters.flatMap(({ layer, projection, rank, inputs, outputs, a, b }) => [
    { name: inputNames.adapterA(layer, projection), from: a, to: b, dims: [rank, inputs] },
    { name: inputNames.adapterB(layer, projection), from: b, to: b + outputs * rank, dims: [outputs, rank] },
  ]);
}
