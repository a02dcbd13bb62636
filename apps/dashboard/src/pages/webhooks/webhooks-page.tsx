import type { WebhookEndpoint } from "@espalier/client";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useApi } from "../../api/api-context.js";
import { endpointsQuery } from "../../api/webhook-queries.js";
import { DataTable } from "../../ui/data-table.js";
import { Loaded } from "../../ui/loaded.js";
import { Message } from "../../ui/message.js";
import { Moment } from "../../ui/moment.js";
import { PageHeader } from "../../ui/page-header.js";
import { Panel } from "../../ui/panel.js";
import stack from "../../ui/stack.module.css";
import { StateBadge } from "../../ui/state-badge.js";
import { endpointState } from "./endpoint-state.js";
import { NewEndpoint } from "./new-endpoint.js";

const HEIGHT = 160;

const columns = [
  {
    title: "Endpoint",
    cell: ({ id, url }: WebhookEndpoint) => (
      <Link to="/webhooks/$id" params={{ id }}>
        {url}
      </Link>
    ),
  },
  { title: "State", cell: (endpoint: WebhookEndpoint) => <StateBadge state={endpointState(endpoint)} /> },
  { title: "Events", cell: ({ events }: WebhookEndpoint) => events.join(", ") },
  { title: "Since", cell: ({ created_at }: WebhookEndpoint) => <Moment at={created_at} /> },
];

/** Who is told when a job ends. */
export function WebhooksPage() {
  const { client } = useApi();
  const query = useQuery(endpointsQuery(client));
  return (
    <>
      <PageHeader
        title="Webhooks"
        hint="Endpoints get signed events of all jobs (Standard Webhooks). A single job can name its own when it is submitted."
      />
      <div className={stack.column}>
        <Panel title="Endpoints">
          <Loaded query={query} height={HEIGHT}>
            {({ data }) =>
              data.length === 0 ? (
                <Message title="No endpoint yet" tone="empty">
                  Add one below; then send it a test and see what it answered.
                </Message>
              ) : (
                <DataTable caption="Webhook endpoints" columns={columns} rows={data} rowKey={({ id }) => id} />
              )
            }
          </Loaded>
        </Panel>
        <NewEndpoint />
      </div>
    </>
  );
}
