import type { DecoderShape } from "@espalier/contracts";
import {
  elasticWeights,
  type Feeds,
  type FinishedGraph,
  inputNames,
  projectionWeight,
  type SliceRoom,
  type TensorData,
  weightFeeds,
} from "@espalier/graph";
import { toHalves } from "@espalier/model";
import { assertPlan, keptInputs, lostBiases, type Plan, planGates, zeroColumns } from "../units/index.js";

/** A pruned model as the forward session sees it: gates, and tensors in place of the dense ones. */
export interface Candidate {
  readonly plan: Plan;
  /** Replaced weights by Hugging Face name, in dense width. */
  readonly weights?: ReadonlyMap<string, Float32Array>;
  /** Biases [hidden] by graph input name. */
  readonly biases?: ReadonlyMap<string, Float32Array>;
}

/**
 * The inputs in which a candidate differs from the dense feeds where gates mask what it lost. No number of the dense
 * model is copied. Throws RangeError for a replaced tensor that the session does not read, or one of another size.
 */
export function maskedFeeds(shape: DecoderShape, candidate: Candidate, dense: Feeds): Feeds {
  const feeds: Record<string, TensorData> = {};
  const gate = (name: string, data: Float32Array): void => {
    // A session has no gates of sub-blocks that are absent, or of blocks before its first one.
    if (dense[name] !== undefined) feeds[name] = { data, dims: [1, data.length] };
  };
  planGates(shape, candidate.plan).forEach(({ attention, mlp }, layer) => {
    gate(inputNames.attentionGate(layer), attention);
    gate(inputNames.mlpGate(layer), mlp);
  });
  const replaced = [...(candidate.weights ?? []), ...(candidate.biases ?? []), ...lostBiases(shape, candidate.plan)];
  return { ...feeds, ...replacedFeeds(replaced, dense) };
}

/**
 * All weights of a candidate in its own widths, for a graph with elastic widths: it computes nothing that the candidate
 * lost, single query heads apart. Layers that lost nothing are not copied; slices are written to the room given.
 * Throws as `maskedFeeds` does.
 */
export function slicedFeeds(
  shape: DecoderShape,
  weights: ReadonlyMap<string, Float32Array>,
  graph: FinishedGraph,
  candidate: Candidate,
  dense: Feeds,
  room: SliceRoom,
): Feeds {
  assertPlan(shape, candidate.plan);
  replacedFeeds(candidate.weights ?? [], dense);
  const own = new Map([...weights, ...(candidate.weights ?? [])]);
  silenceLostHeads(shape, own, candidate.plan);
  const sliced = elasticWeights(shape, own, candidate.plan.layers, room);
  return { ...weightFeeds(graph, sliced), ...replacedFeeds(candidate.biases ?? [], dense) };
}

/**
 * The graph's KV groups have all their query heads, so those that left add nothing instead of being cut: zeros in the
 * columns of `o_proj` that they feed.
 */
function silenceLostHeads(shape: DecoderShape, weights: Map<string, Float32Array>, plan: Plan): void {
  plan.layers.forEach(({ queryHeads }, layer) => {
    const name = projectionWeight(layer, "o_proj");
    const weight = weights.get(name);
    if (queryHeads === undefined || weight === undefined) return;
    weights.set(name, zeroColumns(weight, shape.hiddenSize, keptInputs(shape, plan, layer, "o_proj")));
  });
}

function replacedFeeds(replaced: Iterable<readonly [string, Float32Array]>, dense: Feeds): Record<string, TensorData> {
  const feeds: Record<string, TensorData> = {};
  for (const [name, data] of replaced) {
    const before = dense[name];
    if (before?.data.length !== data.length) {
      throw new RangeError(`'${name}' with ${data.length} numbers replaces ${before?.data.length ?? "nothing"}`);
    }
    feeds[name] = { data: before.data instanceof Uint16Array ? toHalves(data) : data, dims: before.dims };
  }
  return feeds;
}
