import type { DecoderShape, Recovery } from "@espalier/contracts";
import type { ExecutionProvider } from "@espalier/graph";
import type { ScoringSource } from "../scoring/scorer.js";

/** A decoder: the dense one, or one with its plan carried out, with unequal layers and absent sub-blocks. */
export interface RecoverableModel {
  readonly shape: DecoderShape;
  /** By Hugging Face name, in the widths of `shape`; biases among them. */
  readonly weights: ReadonlyMap<string, Float32Array>;
}

/** How far a recovery is. */
export interface RecoveryProgress {
  /** Steps of training, or sub-blocks. */
  readonly done: number;
  readonly of: number;
  /** Mean loss per token of the scoring text as last measured, in nats; null before. */
  readonly loss: number | null;
}

/** What every method reads. A recovery is a pure function of models, texts, settings and seed. */
export interface RecoveryInput {
  readonly pruned: RecoverableModel;
  readonly dense: RecoverableModel;
  /** Calibration text, token ids; all of one length. */
  readonly training: readonly Int32Array[];
  /** The scoring text: which state is kept, and when to stop. */
  readonly validation: readonly ScoringSource[];
  readonly seed: number;
  /** File that a training goes on from after a kill; absent: it begins again. */
  readonly checkpoint?: string | undefined;
  /** A clock in milliseconds, for `max_seconds`. */
  readonly now: () => number;
  readonly provider?: ExecutionProvider | undefined;
  readonly threads?: number | undefined;
  readonly memoryBytes?: number | undefined;
  readonly halfBatch?: boolean | undefined;
  readonly onProgress?: ((progress: RecoveryProgress) => void) | undefined;
  /** Looked at between micro-batches; aborting rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Why a training ended. */
export type TrainingEnd = "steps" | "patience" | "time";

/** What a training did. */
export interface TrainingSummary {
  readonly steps: number;
  /** Step whose state was kept; 0: nothing was better than the pruned model. */
  readonly bestStep: number;
  /** How often the rate was halved because a number was not finite. */
  readonly halvings: number;
  readonly end: TrainingEnd;
  /** Trained numbers. */
  readonly parameters: number;
}

/** What a recovery gives. */
export interface Recovered {
  /** Weights in place of the pruned model's, of the same sizes; those not named stay. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** The objective of the scoring text after it, Σ weight·log perplexity / Σ weight. */
  readonly loss: number;
  /** Null for a closed form. */
  readonly training: TrainingSummary | null;
}

/** One way of repairing a sliced model. */
export interface RecoveryMethod<S> {
  recover(input: RecoveryInput, settings: S): Promise<Recovered>;
}

/** Settings of a method by its name. */
export type RecoverySettings<M extends Recovery["method"]> = Extract<Recovery, { readonly method: M }>;
