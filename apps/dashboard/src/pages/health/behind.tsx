import type { Status } from "@espalier/client";
import { DataTable } from "../../ui/data-table.js";
import { Panel } from "../../ui/panel.js";
import { StateBadge } from "../../ui/state-badge.js";
import styles from "./behind.module.css";
import { roughly } from "./worker-facts.js";

type Check = keyof Status["checks"];

const parts: readonly { readonly check: Check; readonly name: string; readonly holds: string }[] = [
  { check: "postgres", name: "Postgres", holds: "Jobs, trials, results" },
  { check: "queue", name: "Queue", holds: "Wakes workers" },
  { check: "files", name: "Files", holds: "Pruned models, statistics" },
];

/** What the service stands on, and what it is. */
export function Behind({ status }: { readonly status: Status }) {
  const { checks, version, node, uptime_seconds } = status;
  const columns = [
    { title: "Part", cell: ({ name }: (typeof parts)[number]) => name },
    { title: "State", cell: ({ check }: (typeof parts)[number]) => <StateBadge state={checks[check]} /> },
    { title: "What for", cell: ({ holds }: (typeof parts)[number]) => holds },
  ];
  return (
    <Panel title="Service">
      <DataTable caption="Parts of the service" columns={columns} rows={parts} rowKey={({ check }) => check} />
      <p className={styles.api}>
        API {version} on Node {node}, up for {roughly(uptime_seconds)}.
      </p>
      <p className={styles.links}>
        <a href="/docs">API reference</a>
        <a href="/metrics">Metrics</a>
        <span>(for this machine, unless a token is set)</span>
      </p>
    </Panel>
  );
}
