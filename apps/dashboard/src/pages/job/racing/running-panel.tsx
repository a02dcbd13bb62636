import type { Trial } from "@espalier/client";
import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../../api/api-context.js";
import { runningTrialsQuery } from "../../../api/job-queries.js";
import { type Column, DataTable } from "../../../ui/data-table.js";
import { Loaded } from "../../../ui/loaded.js";
import { Moment } from "../../../ui/moment.js";
import { Panel } from "../../../ui/panel.js";
import { useJob } from "../job-context.js";
import { TrialLink } from "../trial-link.js";

const HEIGHT = 90;

type Asked = "number" | "origin" | "rival" | "started_at";

type Running = { readonly [Field in Asked]?: Trial[Field] | undefined };

/** Trials that are racing now, and against which. */
export function RunningPanel() {
  const { job } = useJob();
  const { client } = useApi();
  const query = useQuery(runningTrialsQuery(client, job.id));
  return (
    <Panel title="Racing now">
      <Loaded query={query} height={HEIGHT}>
        {({ data }) =>
          data.length === 0 ? (
            <p>No trial is running at the moment.</p>
          ) : (
            <DataTable caption="Running trials" columns={columns} rows={data} rowKey={({ number }) => number ?? -1} />
          )
        }
      </Loaded>
    </Panel>
  );
}

const columns: readonly Column<Running>[] = [
  { title: "Trial", numeric: true, cell: ({ number }) => number !== undefined && <TrialLink number={number} /> },
  {
    title: "Against",
    cell: ({ origin, rival }) =>
      rival == null ? (
        origin == null ? (
          "–"
        ) : (
          "none: no trial was completed when it began"
        )
      ) : (
        <>
          trial <TrialLink number={rival} />, the best when it began
        </>
      ),
  },
  { title: "Proposed by", cell: ({ origin }) => origin ?? "being proposed" },
  { title: "Started", cell: ({ started_at: at }) => (at == null ? "–" : <Moment at={at} />) },
];
