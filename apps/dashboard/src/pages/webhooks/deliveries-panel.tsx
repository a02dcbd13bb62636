import { dataOf, type WebhookDelivery } from "@espalier/client";
import { formatDuration } from "@espalier/contracts";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useApi } from "../../api/api-context.js";
import { deliveriesQuery, webhooksKey } from "../../api/webhook-queries.js";
import { Button, buttonLink } from "../../ui/button.js";
import { DataTable } from "../../ui/data-table.js";
import field from "../../ui/field.module.css";
import { describe, Loaded } from "../../ui/loaded.js";
import { Message } from "../../ui/message.js";
import { Moment } from "../../ui/moment.js";
import { Panel } from "../../ui/panel.js";
import { StateBadge } from "../../ui/state-badge.js";
import { attemptText } from "./attempt-text.js";
import styles from "./webhooks.module.css";

const route = getRouteApi("/webhooks/$id");

const HEIGHT = 200;
const PER_PAGE = 50;
const PENDING_MS = 1500;
const IDLE_MS = 15_000;

/** What was sent to an endpoint, and what it answered. */
export function DeliveriesPanel({ id }: { readonly id: string }) {
  const { client } = useApi();
  const { cursor } = route.useSearch();
  const query = useQuery({
    ...deliveriesQuery(client, id, { limit: PER_PAGE, ...(cursor !== undefined && { cursor }) }),
    refetchInterval: ({ state }) =>
      state.data?.data.some(({ state: one }) => one === "pending") ? PENDING_MS : IDLE_MS,
  });
  return (
    <Panel title="Deliveries" hint="Latest first. A message is tried again for about three days.">
      <Loaded query={query} height={HEIGHT}>
        {({ data, next_cursor }) =>
          data.length === 0 ? (
            <Message title="Nothing was sent yet" tone="empty">
              Send a test above, or wait for a job to end.
            </Message>
          ) : (
            <>
              <Deliveries id={id} deliveries={data} />
              <nav className={styles.pages} aria-label="Pages of deliveries">
                {cursor !== undefined && (
                  <Link from="/webhooks/$id" search={{}} className={buttonLink()}>
                    Latest
                  </Link>
                )}
                {next_cursor !== null && (
                  <Link from="/webhooks/$id" search={{ cursor: next_cursor }} className={buttonLink()}>
                    Earlier
                  </Link>
                )}
              </nav>
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}

function Deliveries({ id, deliveries }: { readonly id: string; readonly deliveries: readonly WebhookDelivery[] }) {
  const { client } = useApi();
  const queries = useQueryClient();
  const again = useMutation({
    mutationFn: (delivery_id: string) =>
      dataOf(
        client.POST("/v1/webhook-endpoints/{id}/deliveries/{delivery_id}/redeliver", {
          params: { path: { id, delivery_id } },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: webhooksKey }),
  });
  const columns = [
    { title: "Event", cell: ({ event_type }: WebhookDelivery) => event_type },
    { title: "Sent", cell: ({ created_at }: WebhookDelivery) => <Moment at={created_at} /> },
    { title: "State", cell: ({ state }: WebhookDelivery) => <StateBadge state={state} /> },
    { title: "Last answer", cell: (delivery: WebhookDelivery) => <LastAttempt delivery={delivery} /> },
    { title: "Attempts", numeric: true, cell: ({ attempts }: WebhookDelivery) => attempts.length },
    { title: "Message", cell: ({ id: message }: WebhookDelivery) => <code>{message}</code> },
    {
      title: "Again",
      cell: ({ id: message, event_type, state }: WebhookDelivery) => (
        <Button
          disabled={state === "pending" || again.isPending}
          aria-label={`Redeliver ${event_type} ${message}`}
          onClick={() => again.mutate(message)}
        >
          Redeliver
        </Button>
      ),
    },
  ];
  return (
    <>
      {again.error !== null && (
        <p role="alert" className={field.error}>
          ✕ {describe(again.error)}
        </p>
      )}
      <DataTable
        caption="Messages, latest first"
        columns={columns}
        rows={deliveries}
        rowKey={({ id: message }) => message}
      />
    </>
  );
}

function LastAttempt({ delivery: { attempts, next_attempt_at } }: { readonly delivery: WebhookDelivery }) {
  const last = attempts.at(-1);
  return (
    <span className={styles.notes}>
      <span>
        {last === undefined ? "not tried yet" : `${attemptText(last)} (${formatDuration(last.duration_seconds)})`}
      </span>
      {next_attempt_at !== null && last !== undefined && (
        <span className={field.hint}>next try {new Date(next_attempt_at).toLocaleString()}</span>
      )}
    </span>
  );
}
