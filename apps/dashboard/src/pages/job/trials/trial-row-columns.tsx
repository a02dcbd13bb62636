import type { Trial } from "@espalier/client";
import { formatPercent, formatPerplexity } from "@espalier/contracts";
import { Link } from "@tanstack/react-router";
import { StateBadge } from "../../../ui/state-badge.js";
import type { VirtualColumn } from "../../../ui/virtual-table.js";

/** What lists are sent of a trial. */
export type ListedTrial = Pick<
  Trial,
  | "number"
  | "state"
  | "origin"
  | "score"
  | "partial_score"
  | "scored_share"
  | "attempts"
  | "duration_seconds"
  | "finished_at"
  | "reason"
>;

const origins = { start: "informed start", sampler: "sampler", refinement: "refinement" } as const;

/** Of a trial that lost its race the estimate that it stopped with, marked as one. */
function perplexityOf({ score, partial_score }: ListedTrial): string {
  if (score !== null) return formatPerplexity(Math.exp(score));
  return partial_score === null ? "–" : `≈ ${formatPerplexity(Math.exp(partial_score))}`;
}

/** Columns of the table of trials of job `id`. */
export const trialRowColumns = (id: string): readonly VirtualColumn<ListedTrial>[] => [
  {
    title: "Trial",
    width: "90px",
    cell: ({ number }) => (
      <Link to="/jobs/$id/trials/$number" params={{ id, number: String(number) }}>
        {number}
      </Link>
    ),
  },
  { title: "State", width: "145px", cell: ({ state }) => <StateBadge state={state} /> },
  { title: "Perplexity", width: "100px", numeric: true, cell: perplexityOf },
  { title: "Proposed by", width: "130px", cell: ({ origin }) => (origin === null ? "–" : origins[origin]) },
  {
    title: "Text read",
    width: "90px",
    numeric: true,
    cell: ({ scored_share }) => (scored_share === null ? "–" : formatPercent(scored_share)),
  },
  {
    title: "Seconds",
    width: "85px",
    numeric: true,
    cell: ({ duration_seconds }) => duration_seconds?.toFixed(2) ?? "–",
  },
  { title: "Attempts", width: "80px", numeric: true, cell: ({ attempts }) => attempts },
  {
    title: "Ended, or why not",
    width: "auto",
    cell: ({ finished_at, reason }) => reason ?? (finished_at === null ? "" : new Date(finished_at).toLocaleString()),
  },
];
