import type { Status } from "@espalier/client";
import { DataTable } from "../../ui/data-table.js";
import { Message } from "../../ui/message.js";
import { Panel } from "../../ui/panel.js";
import { StateBadge } from "../../ui/state-badge.js";
import { before, shortId, type Worker } from "./worker-facts.js";
import styles from "./workers.module.css";

const columnsOf = (status: Status) => [
  {
    title: "Worker",
    cell: ({ id }: Worker) => (
      <code title={id}>
        <span className="visually-hidden">ends in </span>…{shortId(id)}
      </code>
    ),
  },
  { title: "State", cell: ({ stale }: Worker) => <StateBadge state={stale ? "stale" : "ok"} /> },
  {
    title: "Last seen",
    cell: ({ last_seen_at }: Worker) => <span className={styles.oneLine}>{before(status, last_seen_at)}</span>,
  },
  { title: "In hand", numeric: true, cell: ({ in_hand }: Worker) => in_hand },
  { title: "Trials at once", numeric: true, cell: ({ concurrency }: Worker) => concurrency },
  { title: "Version", cell: ({ version }: Worker) => <Version of={version} api={status.version} /> },
  {
    title: "Computes on",
    cell: ({ machine, provider, threads }: Worker) => (
      <span className={styles.oneLine}>
        {provider}, {threads} {threads === 1 ? "thread" : "threads"} a trial · {machine}
      </span>
    ),
  },
  {
    title: "Started",
    cell: ({ started_at }: Worker) => <span className={styles.oneLine}>{before(status, started_at)}</span>,
  },
];

/** Who computes. */
export function Workers({ status }: { readonly status: Status }) {
  const { workers } = status;
  return (
    <Panel
      title="Workers"
      hint="Each reports every ten seconds; one that is silent for 30 is stale, and what it held goes to another."
    >
      {workers.length === 0 ? (
        <Message title="No worker has reported" tone="empty">
          Jobs can be submitted; they begin when a worker starts.
        </Message>
      ) : (
        <DataTable caption="Table of workers" columns={columnsOf(status)} rows={workers} rowKey={({ id }) => id} />
      )}
    </Panel>
  );
}

function Version({ of, api }: { readonly of: string; readonly api: string }) {
  if (of === api) return of;
  return (
    <span className={styles.differs}>
      {of} <span aria-hidden="true">≠</span> the API’s {api}
    </span>
  );
}
