import type { DecoderShape, JobSpec } from "@espalier/contracts";
import { forwardOperations, type Operations, repairOperations, shrunk, sumOperations } from "./operations.js";

/** A backward pass that gives no gradients of weights costs what a forward pass costs. */
const PASSES_PER_STEP = 2;

/** Recovery of one winner, trained to its last step: passes over batches, and forward passes over the scoring text. */
export function recoveryOperations(dense: DecoderShape, spec: JobSpec, sparsity: number): Operations {
  const { recovery, calibration, scoring } = spec;
  if (recovery.method === "none") return sumOperations([]);
  const shape = shrunk(dense, sparsity);
  if (recovery.method === "least_squares") {
    const tokens = recovery.training_windows * calibration.sequence_length;
    const both = forwardOperations(dense, calibration.sequence_length, tokens);
    return { forward: 3 * both, gradients: 0, algebra: repairOperations(dense, sparsity) };
  }
  const { sequence_length: length } = calibration;
  const step = forwardOperations(shape, length, recovery.batch_windows * length);
  const measurement = scoring.reduce(
    (sum, split) => sum + forwardOperations(shape, split.sequence_length, split.windows * split.sequence_length),
    0,
  );
  const measurements = 1 + Math.ceil(recovery.max_steps / recovery.evaluate_every);
  return sumOperations([
    [recovery.max_steps, { gradients: PASSES_PER_STEP * step }],
    [measurements, { forward: measurement }],
  ]);
}
