import type { CreateJobInput } from "@espalier/contracts";

/** A real job on the shipped model, small enough to run several times in a test. */
export function smallJob(changes: Partial<CreateJobInput> = {}): CreateJobInput {
  return {
    model: { path: "stories260K" },
    calibration: { corpus: "tinystories-train.txt", samples: 32, sequence_length: 64 },
    scoring: { corpus: "tinystories-valid.txt", windows: 24, sequence_length: 64 },
    report: { corpus: "tinystories-valid.txt", windows: 16, sequence_length: 64, skip_windows: 24 },
    target: { sparsity: 0.2 },
    search: { trials: 10, seed: 7 },
    ...changes,
  };
}
