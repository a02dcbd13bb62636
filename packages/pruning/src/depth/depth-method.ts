import type { DecoderShape, LoraRecovery } from "@espalier/contracts";
import type { ExecutionProvider } from "@espalier/graph";
import type { ScoringSource } from "../scoring/scorer.js";

/** How blocks are weighed and prepared by training (`trsp`). */
export interface DepthTraining {
  /** Steps of learning the block scales. */
  readonly scaleSteps: number;
  /** AdamW's rate for the scales. */
  readonly scaleRate: number;
  /** λ₁: weight of Σ|scale| beside the mean loss per token. */
  readonly scalePenalty: number;
  /** λ₂: weight of what a leaving block still changes, as a share of what it changed at first, beside the loss. */
  readonly changePenalty: number;
  /** Adapters of the second stage. */
  readonly adapters: LoraRecovery;
}

/** What a depth method reads. */
export interface DepthInput {
  readonly shape: DecoderShape;
  /** By Hugging Face name. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** Blocks that are to leave. */
  readonly count: number;
  /** Calibration text, token ids; all of one length. */
  readonly calibration: readonly Int32Array[];
  /** The scoring text: which state of a training is kept. */
  readonly validation: readonly ScoringSource[];
  readonly training: DepthTraining;
  readonly seed: number;
  readonly provider?: ExecutionProvider | undefined;
  readonly threads?: number | undefined;
  readonly memoryBytes?: number | undefined;
  /** A clock in milliseconds. */
  readonly now: () => number;
  /** Looked at between micro-batches; aborting rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}

/** Which blocks leave, and what the others become. */
export interface DepthCut {
  /** Ascending. */
  readonly dropped: readonly number[];
  /** One number per block, the lowest of which left; null where the place alone decided. */
  readonly scores: readonly number[] | null;
  /** In place of the dense weights, of the same sizes; those not named stay. */
  readonly weights: ReadonlyMap<string, Float32Array>;
}

/** One way of removing whole blocks. */
export interface DepthMethod {
  /** Throws RangeError where not at least one block stays. */
  cut(input: DepthInput): Promise<DepthCut>;
}

/** The `count` blocks of lowest score, ascending; ties leave from the front. */
export function lowest(scores: readonly number[], count: number): readonly number[] {
  if (!Number.isInteger(count) || count < 1 || count >= scores.length) {
    throw new RangeError(`${count} of ${scores.length} blocks cannot leave: at least one leaves and one stays`);
  }
  const ranked = [...scores.keys()].sort((a, b) => scores[a] - scores[b] || a - b);
  return ranked.slice(0, count).sort((a, b) => a - b);
}
