import { ProblemError } from "@espalier/client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { useApi } from "../api/api-context.js";
import { apiKey } from "../api/api-key.js";
import { jobsQuery } from "../api/jobs-queries.js";
import { Button } from "../ui/button.js";
import { Panel } from "../ui/panel.js";
import styles from "./key-gate.module.css";

const UNAUTHORIZED = 401;

/** Asks for an API key where the service wants one; shows the page otherwise. */
export function KeyGate({ children }: { readonly children: ReactNode }) {
  const { client } = useApi();
  const { error } = useQuery(jobsQuery(client, { limit: 1 }));
  if (error instanceof ProblemError && error.status === UNAUTHORIZED)
    return <KeyForm refused={apiKey.read() !== null} />;
  return children;
}

function KeyForm({ refused }: { readonly refused: boolean }) {
  const queries = useQueryClient();
  const [key, setKey] = useState("");
  const enter = (event: FormEvent) => {
    event.preventDefault();
    apiKey.keep(key.trim());
    void queries.resetQueries();
  };
  return (
    <Panel title="This service asks for an API key" hint="The key stays in this tab and ends with it.">
      <form onSubmit={enter} className={styles.form}>
        <label htmlFor="api-key">API key</label>
        <input
          id="api-key"
          type="password"
          autoComplete="off"
          placeholder="esp_…"
          required
          value={key}
          onChange={({ target }) => setKey(target.value)}
        />
        <Button type="submit" look="primary">
          Enter
        </Button>
      </form>
      {refused && (
        <p role="alert" className={styles.refused}>
          The service refused this key: it may be mistyped, revoked or expired.
        </p>
      )}
    </Panel>
  );
}
