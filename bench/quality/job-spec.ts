/** The job of the quality benches: stories3M on the texts of the published table. */
import type { JobSpec, ResolvedScoring } from "@espalier/contracts";
import { CALIBRATION_WINDOWS, REPORT_WINDOWS, WINDOW_TOKENS } from "./texts.js";

/** Windows that 60,000 characters hold. */
const SCORING_WINDOWS = 115;

/** A split that begins at the head of its text. */
export const split = (corpus: string, windows: number) => ({
  corpus,
  windows,
  sequence_length: WINDOW_TOKENS,
  skip_windows: 0,
});

/** The scoring text of the published table. */
export const storiesScoring: ResolvedScoring = { ...split("scoring", SCORING_WINDOWS), weight: 1 };

/** What the service would store; `search` changes single settings of it. */
export function storiesJob(
  sparsity: readonly number[],
  search: Partial<JobSpec["search"]> & { readonly trials: number },
  scoring: readonly ResolvedScoring[] = [storiesScoring],
): JobSpec {
  return {
    model: { path: "stories3M" },
    calibration: split("calibration", CALIBRATION_WINDOWS),
    scoring,
    report: split("report", REPORT_WINDOWS),
    target: { sparsity, layout: "free", round_to: 1 },
    search: {
      preset: "espalier",
      parallelism: 1,
      seed: 0,
      sampler: "tpe",
      refinement: 0.5,
      racing: false,
      space: {},
      ...search,
    },
    baselines: true,
    compensation: "search",
    recovery: { method: "none" },
    evaluation: { tasks: [] },
    export: { profiles: ["native"] },
    budget: { max_duration_seconds: null, max_compute_seconds: null },
    labels: {},
  };
}
