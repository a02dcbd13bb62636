import type { AnswerOf, Job } from "@espalier/client";
import { formatCount, formatPercent, formatPerplexity } from "@espalier/contracts";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useApi } from "../../../api/api-context.js";
import { comparisonQuery } from "../../../api/job-queries.js";
import { Message } from "../../../ui/message.js";
import { Panel } from "../../../ui/panel.js";
import { intervalText } from "../comparison/difference-text.js";
import styles from "./found-panel.module.css";
import { type Found, foundSoFar } from "./found-so-far.js";
import { PerplexityScale } from "./perplexity-scale.js";

const splits = {
  scoring:
    "Perplexity on the scoring text, which the search sees; lower is better. The report text follows at the end.",
  report: "Perplexity on the report text, which the search never saw; lower is better.",
} as const;

/** How good it is so far, against the dense model and the best baseline. */
export function FoundPanel({ job }: { readonly job: Job }) {
  const { client } = useApi();
  const comparison = useQuery({ ...comparisonQuery(client, job.id), enabled: job.state === "succeeded" });
  const improvement = (comparison.data as AnswerOf<"getComparison"> | undefined)?.improvement ?? [];
  const found = foundSoFar(job);
  const [first] = found;
  return (
    <Panel title={job.state === "succeeded" ? "Found" : "Best so far"} hint={first && splits[first.split]}>
      {first === undefined ? (
        <Message title="Nothing found yet" tone="empty">
          The first plan appears here with the first trial, after the profile.
        </Message>
      ) : (
        <div className={styles.list}>
          {found.map((one) => (
            <FoundAt
              key={one.sparsity}
              job={job}
              found={one}
              interval={improvement.find(({ sparsity }) => sparsity === one.sparsity)?.interval}
            />
          ))}
        </div>
      )}
    </Panel>
  );
}

/** 95 % interval of the gain over the best baseline; undefined until it was measured. */
type Interval = readonly [low: number, high: number] | undefined;

interface FoundAtProps {
  readonly job: Job;
  readonly found: Found;
  readonly interval: Interval;
}

function FoundAt({ job, found, interval }: FoundAtProps) {
  const { sparsity, trial } = found;
  const of = job.dense === null ? null : formatCount(job.dense.parameters);
  return (
    <article className={styles.found} aria-label={`At ${formatPercent(sparsity)} sparsity`}>
      <header className={styles.head}>
        <p className={styles.number}>{formatPerplexity(found.found)}</p>
        <div>
          <p className={styles.sentence}>{verdict(found, interval)}</p>
          <p className={styles.size}>
            {formatPercent(sparsity)} of the prunable weights removed: {formatCount(found.parameters)}
            {of !== null && ` of ${of}`} parameters stay.{" "}
            {trial !== null && (
              <Link to="/jobs/$id/trials/$number" params={{ id: job.id, number: String(trial) }}>
                Trial {trial}
              </Link>
            )}
          </p>
        </div>
      </header>
      <PerplexityScale found={found} />
    </article>
  );
}

/** Who is ahead and by how much, with a sign beside the colour. */
function verdict({ gain, baseline }: Found, interval: Interval): ReactNode {
  if (baseline === null) return "No baselines were asked for";
  if (gain === null) return `Not comparable with the best baseline, ${baseline.name}`;
  const size = formatPercent(Math.abs(gain));
  if (interval !== undefined && interval[0] <= 0 && interval[1] >= 0) {
    return (
      <>
        As good as the best baseline, {baseline.name}: {size} {gain > 0 ? "lower" : "higher"}, which may be chance (95 %
        interval {intervalText(interval)})
      </>
    );
  }
  if (gain <= 0) return `${size} above the best baseline, ${baseline.name}`;
  return (
    <>
      <strong className={styles.better}>▼ {size} lower</strong> than the best baseline, {baseline.name}
    </>
  );
}
