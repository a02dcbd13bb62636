import type { ParameterValue, SplitOverlap, TextSamples } from "@espalier/contracts";
import type { ReportOutcome } from "@espalier/pruning";
import { sortedKeys } from "./sorted-keys.js";

/** A finished trial as `search.json` lists it. */
export interface TrialEntry {
  readonly number: number;
  readonly state: string;
  readonly params: Readonly<Record<string, ParameterValue>> | null;
  readonly score: number | null;
}

export interface SearchLogInput {
  readonly trials: readonly TrialEntry[];
  readonly report: ReportOutcome;
  /** Absent: none were written. */
  readonly samples: TextSamples | undefined;
  readonly contamination: readonly SplitOverlap[];
}

/** How the winner was found: every trial, the models it is compared with, and on what texts. No durations, so that bytes repeat. */
export function searchLog({ trials, report, samples, contamination }: SearchLogInput): unknown {
  const { dense, baselines, best, improvement, differences } = report;
  return {
    format: "espalier-search",
    format_version: 1,
    dense,
    baselines,
    best,
    improvement,
    differences,
    ...(samples === undefined ? {} : { text_samples: samples }),
    contamination,
    trials: [...trials]
      .sort((a, b) => a.number - b.number)
      .map(({ number, state, params, score }) => ({ number, state, params: params && sortedKeys(params), score })),
  };
}
