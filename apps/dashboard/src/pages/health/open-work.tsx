import type { Status } from "@espalier/client";
import { formatCount } from "@espalier/contracts";
import { DataTable } from "../../ui/data-table.js";
import { Panel } from "../../ui/panel.js";
import { roughly } from "./worker-facts.js";

type Queue = Status["queues"][number];

const names: Record<Queue["name"], string> = {
  profile: "Profiles",
  trial: "Trials",
  export: "Exports",
  webhook: "Webhooks",
};

const columns = [
  { title: "Kind", cell: ({ name }: Queue) => names[name] },
  { title: "Waiting", numeric: true, cell: ({ waiting }: Queue) => formatCount(waiting) },
  { title: "In hand", numeric: true, cell: ({ active }: Queue) => formatCount(active) },
  { title: "Later", numeric: true, cell: ({ delayed }: Queue) => formatCount(delayed) },
  {
    title: "Oldest waits",
    numeric: true,
    cell: ({ oldest_waiting_seconds: oldest }: Queue) => (oldest === null ? "–" : roughly(oldest)),
  },
];

/** What is to be done, by kind. */
export function OpenWork({ status }: { readonly status: Status }) {
  return (
    <Panel title="Queues" hint="Waiting: due, and no worker holds it. Later: webhook messages between two attempts.">
      <DataTable caption="Depth of the queues" columns={columns} rows={status.queues} rowKey={({ name }) => name} />
    </Panel>
  );
}
