import type { z } from "zod";
import type { createJobBody } from "./create-job-body.js";
import type { ResolvedTask } from "./evaluation.js";
import type { SearchOptions } from "./search-options.js";
import type { SplitOverlap } from "./split-overlap.js";
import type { TextProtocol } from "./text-source.js";

/** One disjoint stretch of a corpus, as settled at submit. */
export interface ResolvedSplit {
  readonly corpus: string;
  readonly windows: number;
  readonly sequence_length: number;
  readonly skip_windows: number;
  /** Absent: `windows`, as in jobs and recipes of earlier releases, whose bytes stay the same. */
  readonly protocol?: TextProtocol | undefined;
}

export interface ResolvedScoring extends ResolvedSplit {
  readonly weight: number;
}

/** Prunable units per layer of a dense model, first to last. */
export interface DenseWidths {
  readonly kv_groups: readonly number[];
  readonly channels: readonly number[];
}

/**
 * A job as stored: the body with defaults filled in, the splits settled to exact windows,
 * the sparsities as an ascending list, and without anything secret.
 */
export type JobSpec = Omit<
  z.infer<typeof createJobBody>,
  "calibration" | "scoring" | "report" | "search" | "target" | "webhooks"
> & {
  readonly calibration: ResolvedSplit;
  readonly scoring: readonly ResolvedScoring[];
  readonly report: ResolvedSplit;
  readonly search: SearchOptions & { readonly refinement: number; readonly racing: boolean };
  readonly target: {
    readonly sparsity: readonly number[];
    readonly layout: "free" | "uniform";
    readonly round_to: number;
  };
  /** Widths of the dense model's layers, as found at submit; absent in jobs of earlier releases. */
  readonly dense_widths?: DenseWidths;
  /** The tasks of the evaluation, in their order; absent in jobs of earlier releases, which have none. */
  readonly evaluation_tasks?: readonly ResolvedTask[];
  /** How much the texts repeat each other, measured at submit; jobs stored before it was measured have none. */
  readonly contamination?: readonly SplitOverlap[];
};
