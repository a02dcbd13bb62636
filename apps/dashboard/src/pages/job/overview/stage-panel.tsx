import type { Job } from "@espalier/client";
import { formatCount, formatDuration, formatPercent, isTerminal } from "@espalier/contracts";
import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { useApi } from "../../../api/api-context.js";
import type { Connection } from "../../../api/job-events.js";
import { runningTrialsQuery } from "../../../api/job-queries.js";
import { ProgressBar } from "../../../ui/progress-bar.js";
import { TrialLink } from "../trial-link.js";
import { doingNow, timeLeft } from "./doing.js";
import styles from "./stage-panel.module.css";
import { stepsOf } from "./stages.js";

const signs = { done: "✓", now: "●", ahead: "○" } as const;

const links: Record<Connection, string | null> = {
  connecting: "Connecting…",
  live: "Live",
  lost: "The service does not answer; trying again…",
  ended: null,
};

interface StagePanelProps {
  readonly job: Job;
  readonly connection: Connection;
}

/** Is it running, where is it, how long still. */
export function StagePanel({ job, connection }: StagePanelProps) {
  const { state, progress } = job;
  const left = timeLeft(job);
  const tone = state === "succeeded" ? "good" : state === "paused" ? "warn" : state === "failed" ? "bad" : "running";
  return (
    <section className={styles.panel} aria-label="Progress">
      <ol className={styles.steps}>
        {stepsOf(job).map(({ name, hint, state: step }) => (
          <li key={name} className={styles[step]} aria-current={step === "now" ? "step" : undefined} title={hint}>
            <span aria-hidden="true">{signs[step]}</span> {name}
            <span className="visually-hidden">, {step}</span>
          </li>
        ))}
      </ol>
      {!isTerminal(state) && (
        <>
          <ProgressBar label="Share of the job that is done" fraction={progress.fraction} tone={tone} />
          <p className={styles.now}>
            <strong>{doingNow(job)}</strong>
            {state === "searching" && <RunningTrials job={job} />}
            {left !== null && <span>{left}</span>}
            <span className={connection === "lost" ? styles.lost : styles.link} role="status">
              {links[connection]}
            </span>
          </p>
        </>
      )}
      <Facts job={job} />
    </section>
  );
}

/** Which trials run now. */
function RunningTrials({ job: { id } }: { readonly job: Job }) {
  const { client } = useApi();
  const { data } = useQuery(runningTrialsQuery(client, id));
  const numbers = data?.data.flatMap(({ number }) => number ?? []) ?? [];
  if (numbers.length === 0) return null;
  return (
    <span>
      now trial{" "}
      {numbers.map((number, index) => (
        <Fragment key={number}>
          {index > 0 && ", "}
          <TrialLink number={number} />
        </Fragment>
      ))}
    </span>
  );
}

const MINUTE = 60;

function Facts({ job: { trials, timing, spec } }: { readonly job: Job }) {
  const { completed, pruned, failed, infeasible } = trials;
  const parallel = (spec["search"] as { readonly parallelism?: number } | undefined)?.parallelism ?? 1;
  const facts: readonly (readonly [name: string, value: string | null])[] = [
    ["Trials", completed + pruned + failed + infeasible === 0 ? null : `${completed} scored`],
    ["Stopped early", pruned === 0 ? null : `${pruned}, sparing ${formatPercent(trials.tokens_saved)} of the tokens`],
    ["Failed or impossible", failed + infeasible === 0 ? null : `${failed + infeasible}`],
    [
      "Speed",
      timing.mean_trial_seconds === null
        ? null
        : `${pace((MINUTE * parallel) / timing.mean_trial_seconds)} trials a minute`,
    ],
    ["Profile", timing.profile_seconds === null ? null : formatDuration(timing.profile_seconds)],
    ["Whole job", timing.total_seconds === null ? null : formatDuration(timing.total_seconds)],
  ];
  const known = facts.filter(([, value]) => value !== null);
  if (known.length === 0) return null;
  return (
    <dl className={styles.facts}>
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Two digits are enough to compare by. */
const pace = (perMinute: number): string =>
  perMinute < 10 ? perMinute.toPrecision(2) : formatCount(Math.round(perMinute));
