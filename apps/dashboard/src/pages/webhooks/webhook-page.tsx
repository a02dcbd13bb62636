import type { WebhookEndpoint } from "@espalier/client";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useApi } from "../../api/api-context.js";
import { endpointQuery } from "../../api/webhook-queries.js";
import { Loaded } from "../../ui/loaded.js";
import { Message } from "../../ui/message.js";
import { Moment } from "../../ui/moment.js";
import { PageHeader } from "../../ui/page-header.js";
import stack from "../../ui/stack.module.css";
import { StateBadge } from "../../ui/state-badge.js";
import { DeliveriesPanel } from "./deliveries-panel.js";
import { EndpointActions } from "./endpoint-actions.js";
import { endpointState } from "./endpoint-state.js";

const route = getRouteApi("/webhooks/$id");
const HEIGHT = 300;
/** What is sent can change it: a receiver that says it is gone disables its endpoint. */
const POLL_MS = 3000;

/** One endpoint, and what was sent to it. */
export function WebhookPage() {
  const { id } = route.useParams();
  const { client } = useApi();
  const query = useQuery({ ...endpointQuery(client, id), refetchInterval: POLL_MS });
  return (
    <>
      <p>
        <Link to="/webhooks">All webhooks</Link>
      </p>
      <Loaded query={query} height={HEIGHT}>
        {(endpoint) => (
          <>
            <PageHeader
              title={
                <>
                  {endpoint.url} <StateBadge state={endpointState(endpoint)} />
                </>
              }
              hint={`Gets ${endpoint.events.join(", ")}.`}
            />
            <div className={stack.column}>
              <Trouble endpoint={endpoint} />
              <EndpointActions endpoint={endpoint} />
              <DeliveriesPanel id={id} />
            </div>
          </>
        )}
      </Loaded>
    </>
  );
}

function Trouble({
  endpoint: { enabled, failing_since, previous_secret_until },
}: {
  readonly endpoint: WebhookEndpoint;
}) {
  return (
    <>
      {!enabled && (
        <Message title="Nothing is sent to it" tone="warning">
          It was disabled by hand, answered 410, or failed for five days. Enable it to start anew.
        </Message>
      )}
      {enabled && failing_since !== null && (
        <Message title="It has not taken a message lately" tone="warning">
          Failing since <Moment at={failing_since} />. Messages are tried again for about three days; after five days of
          failures alone it is disabled.
        </Message>
      )}
      {previous_secret_until !== null && (
        <Message title="Two secrets count" tone="info">
          Messages carry signatures by the old and the new secret until{" "}
          {new Date(previous_secret_until).toLocaleString()}.
        </Message>
      )}
    </>
  );
}
