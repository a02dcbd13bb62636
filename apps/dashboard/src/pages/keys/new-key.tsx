import { type BodyOf, dataOf } from "@espalier/client";
import { apiScopes } from "@espalier/contracts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useRef } from "react";
import { useApi } from "../../api/api-context.js";
import { apiKey } from "../../api/api-key.js";
import { keysQuery } from "../../api/key-queries.js";
import { Button } from "../../ui/button.js";
import { Checks } from "../../ui/checks.js";
import field from "../../ui/field.module.css";
import styles from "../../ui/form.module.css";
import { describe } from "../../ui/loaded.js";
import { Panel } from "../../ui/panel.js";
import { SecretOnce } from "../../ui/secret-once.js";

const usual = ["jobs:read"];

/** Makes a key. */
export function NewKey() {
  const { client } = useApi();
  const queries = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [name, expires] = [useId(), useId()];
  const create = useMutation({
    mutationFn: (body: BodyOf<"createApiKey">) => dataOf(client.POST("/v1/api-keys", { body })),
    onSuccess: ({ key }) => {
      form.current?.reset();
      // With its first key an open service closes, for this page too.
      if (apiKey.read() === null) apiKey.keep(key);
      return queries.invalidateQueries({ queryKey: keysQuery(client).queryKey });
    },
  });
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const asked = new FormData(event.currentTarget);
    const end = String(asked.get("expires"));
    create.mutate({
      name: String(asked.get("name")),
      scopes: apiScopes.filter((scope) => asked.getAll("scopes").includes(scope)),
      ...(end !== "" && { expires_at: new Date(end).toISOString() }),
    });
  };
  return (
    <Panel title="Make a key">
      <form ref={form} className={styles.form} onSubmit={send}>
        <div className={field.field}>
          <label htmlFor={name}>Name</label>
          <input id={name} name="name" required maxLength={200} placeholder="ci" />
          <span className={field.hint}>Who or what uses it</span>
        </div>
        <Checks legend="It may" name="scopes" values={apiScopes} checked={usual} />
        <div className={field.field}>
          <label htmlFor={expires}>Ends</label>
          <input id={expires} name="expires" type="datetime-local" />
          <span className={field.hint}>Never, unless you say when</span>
        </div>
        {create.error !== null && (
          <p role="alert" className={field.error}>
            ✕ {describe(create.error)}
          </p>
        )}
        <Button type="submit" look="primary" disabled={create.isPending}>
          Make key
        </Button>
      </form>
      {create.data !== undefined && (
        <SecretOnce title={`The key ${create.data.api_key.name}`} secret={create.data.key} what="the API key">
          Give it to its user.{apiKey.read() === create.data.key && " This tab uses it from now on."}
        </SecretOnce>
      )}
    </Panel>
  );
}
