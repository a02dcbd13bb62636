import { AppError, type LoraRecovery } from "@espalier/contracts";
import { streamRng } from "@espalier/search";
import { type AdamWState, updateAdamW, usualAdamW } from "../../training/adam-w.js";
import { makeTrainingBatches } from "../../training/training-batches.js";
import type { Recovered, RecoveryInput, TrainingEnd } from "../recovery.js";
import type { Validation } from "../validation.js";
import { type AdapterLayout, initialAdapters } from "./adapters.js";
import { openCheckpoint } from "./checkpoint.js";
import { clip, norm } from "./clip.js";
import type { AdapterGradients } from "./gradients.js";
import { mergeAdapters } from "./merge.js";
import { rateAt } from "./schedule.js";
import { trainingKey } from "./training-key.js";
import { freshState, type TrainingState, workingCopy } from "./training-state.js";

/** Stream of the seed that the adapters begin with; batches take the ones behind it. */
const INITIAL_STREAM = 0;

/** Halvings after which a training gives up: the rate is then a thousandth of what was asked for. */
const MAX_HALVINGS = 10;

/** Nats by which a mean loss may be above that of the pruned model on the same text: beyond them it counts as not finite. */
const HOPELESS = 2;

export interface Training {
  readonly input: RecoveryInput;
  readonly settings: LoraRecovery;
  readonly layout: AdapterLayout;
  readonly validation: Validation;
  readonly gradients: AdapterGradients;
}

/**
 * Trains adapters and merges the best measured state. Where a loss or gradient is not finite, or hopeless, training goes
 * back to its last measured state with half the rate. Throws AppError RECOVERY_DIVERGED after ten halvings. A training that
 * was killed goes on from its checkpoint and gives what an undisturbed one gives.
 */
export async function train(training: Training): Promise<Recovered> {
  const { input, settings, layout } = training;
  const checkpoint = openCheckpoint(input.checkpoint, trainingKey(input, settings));
  let state = (await checkpoint.read()) ?? (await begin(training));
  let end = endOf(state, settings);
  report(training, state);
  while (end === undefined) {
    state = await untilMeasured(training, state);
    end = endOf(state, settings);
    await checkpoint.write(state);
    report(training, state);
  }
  const { best, step, halvings } = state;
  return {
    weights: best.step === 0 ? new Map() : mergeAdapters(input.pruned.weights, layout, best.values),
    loss: best.loss,
    training: { steps: step, bestStep: best.step, halvings, end, parameters: layout.count },
  };
}

/** The state before the first step: the pruned model itself is the first that may be kept. */
async function begin({ input, settings, layout, validation, gradients }: Training): Promise<TrainingState> {
  const values = initialAdapters(layout, streamRng(input.seed, INITIAL_STREAM));
  const start = await validation.loss(new Map(), input.signal);
  const { loss } = await gradients.measure(values, batchesOf(input, settings)(0), input.signal);
  if (Number.isFinite(start) && Number.isFinite(loss)) return freshState(values, { validation: start, training: loss });
  const message = "The pruned model has no finite loss on the texts of the job, so there is nothing to train.";
  throw new AppError("RECOVERY_DIVERGED", message);
}

function endOf({ step, stale, seconds }: TrainingState, settings: LoraRecovery): TrainingEnd | undefined {
  if (step >= settings.max_steps) return "steps";
  if (stale >= settings.patience) return "patience";
  return settings.max_seconds !== null && seconds >= settings.max_seconds ? "time" : undefined;
}

function report({ input, settings }: Training, { step, best }: TrainingState): void {
  input.onProgress?.({ done: step, of: settings.max_steps, loss: best.loss });
}

/** Trains up to the next measurement; from the same state again with half the rate where a number is not finite. */
async function untilMeasured(training: Training, from: TrainingState): Promise<TrainingState> {
  const { settings, input } = training;
  const start = input.now();
  const to = Math.min(from.step + settings.evaluate_every, settings.max_steps);
  for (let halvings = from.halvings; halvings <= MAX_HALVINGS; halvings++) {
    const trained = { ...workingCopy(from), halvings };
    const loss = await stretch(training, from, to, trained);
    if (loss === undefined) continue;
    const isBest = loss < from.best.loss;
    return {
      ...from,
      ...trained,
      step: to,
      best: isBest ? { step: to, loss, values: trained.values.slice() } : from.best,
      stale: isBest ? 0 : from.stale + 1,
      seconds: from.seconds + (input.now() - start) / 1000,
    };
  }
  const rate = settings.learning_rate;
  throw new AppError(
    "RECOVERY_DIVERGED",
    `Training from step ${from.step} of ${settings.max_steps} diverged at the learning rate ${rate}, and after ` +
      `${MAX_HALVINGS} halvings at ${rate / 2 ** MAX_HALVINGS} as well. Set recovery.learning_rate lower.`,
  );
}

const batchesOf = ({ training, seed }: RecoveryInput, { batch_windows }: LoraRecovery) =>
  makeTrainingBatches(training, batch_windows, seed);

interface Trained {
  readonly values: Float32Array;
  readonly moments: AdamWState;
  readonly halvings: number;
}

/** Steps from a state, in place in `trained`; the loss on the scoring text behind them, undefined where one is lost. */
async function stretch(
  { input, settings, layout, validation, gradients }: Training,
  { step: first, start }: TrainingState,
  to: number,
  { values, moments, halvings }: Trained,
): Promise<number | undefined> {
  const { pruned, signal } = input;
  // Negated: NaN is lost.
  const isLost = (loss: number, before: number): boolean => !(loss <= before + HOPELESS);
  const batchOf = batchesOf(input, settings);
  const schedule = {
    rate: settings.learning_rate / 2 ** halvings,
    warmupSteps: settings.warmup_steps,
    maxSteps: settings.max_steps,
  };
  for (let step = first; step < to; step++) {
    const { loss, gradient } = await gradients.measure(values, batchOf(step), signal);
    const length = norm(gradient);
    if (isLost(loss, start.training) || !Number.isFinite(length)) return undefined;
    clip(gradient, length, settings.clip_norm);
    updateAdamW(values, gradient, moments, rateAt(schedule, step), {
      ...usualAdamW,
      weightDecay: settings.weight_decay,
    });
  }
  const loss = await validation.loss(mergeAdapters(pruned.weights, layout, values), signal);
  return isLost(loss, start.validation) ? undefined : loss;
}
