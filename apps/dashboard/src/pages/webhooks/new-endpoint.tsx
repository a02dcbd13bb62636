import { type BodyOf, dataOf } from "@espalier/client";
import { webhookEventTypes } from "@espalier/contracts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useRef } from "react";
import { useApi } from "../../api/api-context.js";
import { webhooksKey } from "../../api/webhook-queries.js";
import { Button } from "../../ui/button.js";
import { Checks } from "../../ui/checks.js";
import field from "../../ui/field.module.css";
import styles from "../../ui/form.module.css";
import { describe } from "../../ui/loaded.js";
import { Panel } from "../../ui/panel.js";
import { SecretOnce } from "../../ui/secret-once.js";

const usual = ["job.succeeded", "job.failed", "job.cancelled"];
/** Sent on demand only: nobody subscribes to it. */
const subscribable = webhookEventTypes.filter((type) => type !== "endpoint.test");

/** Adds an endpoint. */
export function NewEndpoint() {
  const { client } = useApi();
  const queries = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const url = useId();
  const create = useMutation({
    mutationFn: (body: BodyOf<"createWebhookEndpoint">) => dataOf(client.POST("/v1/webhook-endpoints", { body })),
    onSuccess: () => {
      form.current?.reset();
      return queries.invalidateQueries({ queryKey: webhooksKey });
    },
  });
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const asked = new FormData(event.currentTarget);
    const events = subscribable.filter((type) => asked.getAll("events").includes(type));
    create.mutate({ url: String(asked.get("url")), events });
  };
  return (
    <Panel title="Add an endpoint">
      <form ref={form} className={styles.form} onSubmit={send}>
        <div className={field.field}>
          <label htmlFor={url}>URL</label>
          <input
            id={url}
            name="url"
            type="url"
            required
            maxLength={2048}
            placeholder="https://example.org/hooks/espalier"
          />
        </div>
        <Checks legend="Events" name="events" values={subscribable} checked={usual} />
        {create.error !== null && (
          <p role="alert" className={field.error}>
            ✕ {describe(create.error)}
          </p>
        )}
        <Button type="submit" look="primary" disabled={create.isPending}>
          Add endpoint
        </Button>
      </form>
      {create.data?.secret !== undefined && (
        <SecretOnce title="Added: keep its secret" secret={create.data.secret} what="the signing secret">
          The receiver checks signatures with it.
        </SecretOnce>
      )}
    </Panel>
  );
}
