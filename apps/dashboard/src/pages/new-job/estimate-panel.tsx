import type { AnswerOf } from "@espalier/client";
import { formatBytes, formatDuration } from "@espalier/contracts";
import type { UseQueryResult } from "@tanstack/react-query";
import { Facts } from "../../ui/facts.js";
import { Panel } from "../../ui/panel.js";
import styles from "./new-job-page.module.css";

type Estimate = AnswerOf<"estimateJob">;
type Range = { readonly low: number; readonly high: number };

const range = ({ low, high }: Range): string => `${formatDuration(low)} to ${formatDuration(high)}`;

interface EstimatePanelProps {
  readonly query: UseQueryResult<Estimate>;
  /** Whether the form has what an estimate needs. */
  readonly isComplete: boolean;
}

/** What the job will cost, before it is submitted. */
export function EstimatePanel({ query: { data, error, isFetching }, isComplete }: EstimatePanelProps) {
  return (
    <Panel title="What it will take" actions={isFetching ? <span role="status">checking…</span> : undefined}>
      {!isComplete ? (
        <p className={styles.quiet}>Choose a model, a text and a share; the service then says what the job costs.</p>
      ) : error !== null ? (
        <p className={styles.quiet}>Mend what is marked; then the service says what the job costs.</p>
      ) : data === undefined ? (
        <p className={styles.quiet}>Asking the service…</p>
      ) : (
        <Costs estimate={data} />
      )}
    </Panel>
  );
}

function Costs({ estimate }: { readonly estimate: Estimate }) {
  const { duration_seconds, reason, search_seconds, trials, profile, memory } = estimate;
  const rows: readonly (readonly [name: string, value: string | null])[] = [
    ["Trials", `${trials.sampled} sampled, ${trials.refined} refine the best`],
    ["Search", search_seconds && range(search_seconds)],
    ["Profile", profile.seconds && (profile.seconds.low === 0 ? "may be there already" : range(profile.seconds))],
    [
      "Memory",
      `${formatBytes(memory.need_bytes)}${memory.have_bytes === null ? "" : ` of ${formatBytes(memory.have_bytes)}`}`,
    ],
  ];
  const tooMuch = memory.have_bytes !== null && memory.need_bytes > memory.have_bytes;
  return (
    <>
      <p className={styles.duration}>{duration_seconds === null ? "Not known yet" : range(duration_seconds)}</p>
      {reason !== null && <p className={styles.quiet}>{reason}</p>}
      <Facts facts={rows.map(([name, value]) => [name, value ?? "not known yet"])} />
      {tooMuch && <p className={styles.warning}>⚠ A worker has less memory than the job needs.</p>}
    </>
  );
}
