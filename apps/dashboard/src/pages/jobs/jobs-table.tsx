import type { Job } from "@espalier/client";
import { formatCount, formatPercent, formatPerplexity, isTerminal } from "@espalier/contracts";
import { Link } from "@tanstack/react-router";
import { Moment } from "../../ui/moment.js";
import { ProgressBar } from "../../ui/progress-bar.js";
import { StateBadge } from "../../ui/state-badge.js";
import { doingNow, timeLeft } from "../job/overview/doing.js";
import { type Found, foundSoFar } from "../job/overview/found-so-far.js";
import styles from "./jobs-table.module.css";
import { modelOf } from "./model-of.js";

/** Jobs, one line each; below each other where the page is narrow. */
export function JobsTable({ jobs }: { readonly jobs: readonly Job[] }) {
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">Jobs</caption>
      <thead>
        <tr>
          <th scope="col">Job</th>
          <th scope="col">State</th>
          <th scope="col">Best perplexity</th>
          <th scope="col">Parameters</th>
          <th scope="col">Submitted</th>
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
      </tbody>
    </table>
  );
}

function JobRow({ job }: { readonly job: Job }) {
  const { id, name, labels, created_at, api_key_id } = job;
  const found = foundSoFar(job);
  const dense = found[0]?.dense ?? null;
  return (
    <tr>
      <td className={styles.job}>
        <Link to="/jobs/$id" params={{ id }} className={styles.name}>
          {name ?? modelOf(job)}
        </Link>
        <span className={styles.quiet}>{name === null ? id : modelOf(job)}</span>
        <Labels labels={labels} />
      </td>
      <td className={styles.state}>
        <Progress job={job} />
      </td>
      <td>
        {found.length === 0 ? <span className={styles.quiet}>nothing yet</span> : null}
        {found.map((one) => (
          <Quality key={one.sparsity} found={one} />
        ))}
        {dense !== null && <span className={styles.quiet}>dense {formatPerplexity(dense)}</span>}
      </td>
      <td>
        {found.map(({ sparsity, parameters }) => (
          <span key={sparsity} className={styles.line}>
            {formatCount(parameters)}
            {job.dense !== null && (
              <span className={styles.quiet}> (−{formatPercent(1 - parameters / job.dense.parameters)})</span>
            )}
          </span>
        ))}
      </td>
      <td className={styles.when}>
        <span className={styles.line}>
          <Moment at={created_at} />
        </span>
        {api_key_id !== null && <span className={styles.quiet}>by {api_key_id}</span>}
      </td>
    </tr>
  );
}

function Progress({ job }: { readonly job: Job }) {
  const { state, progress, error } = job;
  const left = timeLeft(job);
  return (
    <>
      <StateBadge state={state} />
      {!isTerminal(state) && (
        <>
          <ProgressBar
            label="Share of the job that is done"
            fraction={progress.fraction}
            tone={state === "paused" ? "warn" : "running"}
          />
          <span className={styles.quiet}>{[doingNow(job), left].filter((part) => part !== null).join(", ")}</span>
        </>
      )}
      {error !== null && <span className={styles.quiet}>{error.detail}</span>}
    </>
  );
}

function Quality({ found: { sparsity, found, gain } }: { readonly found: Found }) {
  return (
    <span className={styles.line}>
      <span className={styles.quiet}>{formatPercent(sparsity)}:</span> <strong>{formatPerplexity(found)}</strong>{" "}
      {gain !== null && (
        <span className={gain > 0 ? styles.better : styles.worse}>
          {gain > 0 ? "▼" : "▲"} {formatPercent(Math.abs(gain))} {gain > 0 ? "below" : "above"} baseline
        </span>
      )}
    </span>
  );
}

const Labels = ({ labels }: { readonly labels: Job["labels"] }) => (
  <span className={styles.labels}>
    {Object.entries(labels).map(([key, value]) => (
      <Link key={key} to="/jobs" search={{ label: `${key}:${value}` }} className={styles.label}>
        {key}: {value}
      </Link>
    ))}
  </span>
);
