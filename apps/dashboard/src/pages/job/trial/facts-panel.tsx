import type { Trial } from "@espalier/client";
import { formatDuration, formatPercent } from "@espalier/contracts";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Facts } from "../../../ui/facts.js";
import { Panel } from "../../../ui/panel.js";
import { useJob } from "../job-context.js";
import { originSentences } from "./origin-sentences.js";

/** How it went: who proposed it, against whom it raced, when, how long, in how many attempts. */
export function FactsPanel({ trial }: { readonly trial: Trial }) {
  const { job } = useJob();
  const { origin, rival, scored_share, started_at, finished_at, duration_seconds, attempts, half_batch, score } = trial;
  const facts: readonly (readonly [name: string, value: ReactNode])[] = [
    ["Proposed by", origin && originSentences[origin]],
    ["Score", score?.toFixed(5)],
    [
      "Raced against",
      rival !== null && (
        <Link to="/jobs/$id/trials/$number" params={{ id: job.id, number: String(rival) }}>
          Trial {rival}
        </Link>
      ),
    ],
    ["Scoring text read", scored_share !== null && formatPercent(scored_share)],
    ["Began", started_at !== null && new Date(started_at).toLocaleString()],
    ["Ended", finished_at !== null && new Date(finished_at).toLocaleString()],
    ["Took", duration_seconds !== null && formatDuration(duration_seconds)],
    ["Attempts", attempts],
    ["Batch", half_batch && "half, since memory had run out"],
  ];
  return (
    <Panel title="How it went" hint="The score is the weighted mean of log perplexity over the sparsities.">
      <Facts facts={facts} />
    </Panel>
  );
}
