import type { CreateJobInput } from "@espalier/contracts";

/** The job of the fault tests: all stages, each some hundred milliseconds long, one trial at a time. */
export function faultJob(changes: Partial<CreateJobInput> = {}): CreateJobInput {
  return {
    model: { path: "stories260K" },
    calibration: { corpus: "tinystories-train.txt", samples: 32, sequence_length: 64 },
    scoring: { corpus: "tinystories-valid.txt", windows: 24, sequence_length: 64 },
    report: { corpus: "tinystories-valid.txt", windows: 16, sequence_length: 64, skip_windows: 24 },
    target: { sparsity: 0.2 },
    search: { trials: 5, seed: 5 },
    baselines: false,
    ...changes,
  };
}
