import { openForwardPool } from "../scoring/forward-pool.js";
import { openScorer } from "../scoring/scorer.js";
import { densePlan } from "../units/index.js";
import type { RecoveryInput } from "./recovery.js";

/** Measures changed weights of a pruned model on the scoring text. */
export interface Validation {
  /** The search's objective, Σ weight·log perplexity / Σ weight, of the pruned model with these weights; NaN where it is not finite. */
  loss(weights: ReadonlyMap<string, Float32Array>, signal?: AbortSignal): Promise<number>;
  close(): Promise<void>;
}

/** The pruned model is the dense one of its pool: nothing of it is copied. */
export async function openValidation(input: RecoveryInput): Promise<Validation> {
  const { shape, weights } = input.pruned;
  const pool = openForwardPool({ ...input, shape, weights, widths: "masked" });
  const scorer = await openScorer(pool, input.validation);
  const plan = densePlan(shape);
  return {
    loss: async (changed, signal) => {
      const { objective } = await scorer.score({ plan, weights: changed }, { signal });
      return objective ?? Number.NaN;
    },
    close: () => pool.close(),
  };
}
