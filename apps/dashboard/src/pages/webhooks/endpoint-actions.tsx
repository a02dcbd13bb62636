import { dataOf, type WebhookEndpoint } from "@espalier/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useApi } from "../../api/api-context.js";
import { webhooksKey } from "../../api/webhook-queries.js";
import { Button } from "../../ui/button.js";
import { ConfirmDialog } from "../../ui/confirm-dialog.js";
import field from "../../ui/field.module.css";
import { describe } from "../../ui/loaded.js";
import { Panel } from "../../ui/panel.js";
import { SecretOnce } from "../../ui/secret-once.js";
import styles from "./endpoint-actions.module.css";

/** What can be done with an endpoint: test, enable or disable, another secret, delete. */
export function EndpointActions({ endpoint: { id, url, enabled } }: { readonly endpoint: WebhookEndpoint }) {
  const { client } = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<"rotate" | "delete" | null>(null);
  const params = { path: { id } };
  const settled = { onSettled: () => queries.invalidateQueries({ queryKey: webhooksKey }) };
  const test = useMutation({
    mutationFn: () => dataOf(client.POST("/v1/webhook-endpoints/{id}/test", { params })),
    ...settled,
  });
  const enable = useMutation({
    mutationFn: () => dataOf(client.PATCH("/v1/webhook-endpoints/{id}", { params, body: { enabled: !enabled } })),
    ...settled,
  });
  const rotate = useMutation({
    mutationFn: () => dataOf(client.POST("/v1/webhook-endpoints/{id}/rotate-secret", { params })),
    ...settled,
  });
  const remove = useMutation({
    mutationFn: () => client.DELETE("/v1/webhook-endpoints/{id}", { params }),
    onSuccess: () => {
      queries.removeQueries({ queryKey: [...webhooksKey, "endpoint", id] });
      void queries.invalidateQueries({ queryKey: webhooksKey });
      return navigate({ to: "/webhooks" });
    },
  });
  const busy = [test, enable, rotate, remove].some(({ isPending }) => isPending);
  const failed = [test, enable, rotate, remove].find(({ error }) => error !== null)?.error;
  return (
    <Panel title="This endpoint">
      <div className={styles.buttons}>
        <Button look="primary" disabled={busy || !enabled} onClick={() => test.mutate()}>
          Send a test
        </Button>
        <Button disabled={busy} onClick={() => enable.mutate()}>
          {enabled ? "Disable" : "Enable"}
        </Button>
        <Button disabled={busy} onClick={() => setAsked("rotate")}>
          New secret
        </Button>
        <Button look="danger" disabled={busy} onClick={() => setAsked("delete")}>
          Delete
        </Button>
      </div>
      {failed != null && (
        <p role="alert" className={field.error}>
          ✕ {describe(failed)}
        </p>
      )}
      {rotate.data !== undefined && (
        <SecretOnce title="The new secret" secret={rotate.data.secret} what="the new signing secret">
          Give it to the receiver; the old one still counts for a day.
        </SecretOnce>
      )}
      {asked === "rotate" && (
        <ConfirmDialog
          title="Make a new secret?"
          text="Messages carry signatures by both secrets for a day, so that the receiver can change over without losing one."
          yes="Make it"
          look="primary"
          onAnswer={(yes) => {
            setAsked(null);
            if (yes) rotate.mutate();
          }}
        />
      )}
      {asked === "delete" && (
        <ConfirmDialog
          title={`Delete ${url}?`}
          text="It gets no more events, and the log of what was sent to it goes too. This cannot be undone; disabling it keeps the log."
          yes="Delete it"
          look="danger"
          onAnswer={(yes) => {
            setAsked(null);
            if (yes) remove.mutate();
          }}
        />
      )}
    </Panel>
  );
}
