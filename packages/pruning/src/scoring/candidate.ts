import type { DecoderShape } from "@espalier/contracts";
import { type Feeds, inputNames, type TensorData } from "@espalier/graph";
import { type Plan, planGates } from "../units/index.js";

/** A pruned model as the forward session sees it: gates, and tensors in place of the dense ones. */
export interface Candidate {
  readonly plan: Plan;
  /** Replaced weights by Hugging Face name, in dense width. */
  readonly weights?: ReadonlyMap<string, Float32Array>;
  /** Biases [hidden] by graph input name. */
  readonly biases?: ReadonlyMap<string, Float32Array>;
}

/**
 * The inputs in which a candidate differs from the dense feeds. No number of the dense model is copied.
 * Throws RangeError for a replaced tensor that the session does not read, or one of another size.
 */
export function candidateFeeds(shape: DecoderShape, candidate: Candidate, dense: Feeds): Feeds {
  const feeds: Record<string, TensorData> = {};
  planGates(shape, candidate.plan).forEach(({ attention, mlp }, layer) => {
    if (attention.length > 0) feeds[inputNames.attentionGate(layer)] = { data: attention, dims: [1, attention.length] };
    if (mlp.length > 0) feeds[inputNames.mlpGate(layer)] = { data: mlp, dims: [1, mlp.length] };
  });
  for (const [name, data] of [...(candidate.weights ?? []), ...(candidate.biases ?? [])]) {
    const replaced = dense[name];
    if (replaced?.data.length !== data.length) {
      throw new RangeError(`'${name}' with ${data.length} numbers replaces ${replaced?.data.length ?? "nothing"}`);
    }
    feeds[name] = { data, dims: replaced.dims };
  }
  return feeds;
}
