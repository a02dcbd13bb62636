import { type AdamWState, freshAdamW } from "../../training/adam-w.js";

/** Everything that the rest of a training depends on. */
export interface TrainingState {
  /** Steps done. */
  readonly step: number;
  readonly values: Float32Array;
  readonly moments: AdamWState;
  readonly halvings: number;
  readonly best: BestState;
  /** Measurements since the best one. */
  readonly stale: number;
  /** Mean losses per token of the pruned model, in nats: on the validation text, and on the first batch. */
  readonly start: { readonly validation: number; readonly training: number };
  /** Seconds of training so far, over all processes. */
  readonly seconds: number;
}

export interface BestState {
  readonly step: number;
  /** Mean loss per token on the validation text, in nats. */
  readonly loss: number;
  readonly values: Float32Array;
}

/** Before the first step. */
export const freshState = (values: Float32Array, start: TrainingState["start"]): TrainingState => ({
  step: 0,
  values,
  moments: freshAdamW(values.length),
  halvings: 0,
  best: { step: 0, loss: start.validation, values: values.slice() },
  stale: 0,
  start,
  seconds: 0,
});

/** A copy to train on: values and moments change in place. */
export const workingCopy = ({ values, moments }: TrainingState) => ({
  values: values.slice(),
  moments: { ...moments, mean: moments.mean.slice(), square: moments.square.slice() },
});
