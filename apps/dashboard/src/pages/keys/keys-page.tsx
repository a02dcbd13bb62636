import { type ApiKey, dataOf } from "@espalier/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../api/api-context.js";
import { apiKey } from "../../api/api-key.js";
import { keysQuery } from "../../api/key-queries.js";
import { Button } from "../../ui/button.js";
import { ConfirmDialog } from "../../ui/confirm-dialog.js";
import { DataTable } from "../../ui/data-table.js";
import field from "../../ui/field.module.css";
import { describe, Loaded } from "../../ui/loaded.js";
import { Message } from "../../ui/message.js";
import { Moment } from "../../ui/moment.js";
import { PageHeader } from "../../ui/page-header.js";
import { Panel } from "../../ui/panel.js";
import stack from "../../ui/stack.module.css";
import { StateBadge } from "../../ui/state-badge.js";
import { keyState } from "./key-state.js";
import { NewKey } from "./new-key.js";

const HEIGHT = 160;

/** Who may use the service. */
export function KeysPage() {
  const { client } = useApi();
  const query = useQuery(keysQuery(client));
  return (
    <>
      <PageHeader
        title="API keys"
        hint="Programs send a key as “Authorization: Bearer …”. A revoked key ends within five seconds."
        actions={apiKey.read() !== null && <ForgetKey />}
      />
      <div className={stack.column}>
        <Panel title="Keys">
          <Loaded query={query} height={HEIGHT}>
            {({ data }) =>
              data.length === 0 ? (
                <Message title="No keys yet" tone="empty">
                  Until the first one is made, everybody who reaches this machine’s port may do everything.
                </Message>
              ) : (
                <Keys keys={data} />
              )
            }
          </Loaded>
        </Panel>
        <NewKey />
      </div>
    </>
  );
}

function ForgetKey() {
  const queries = useQueryClient();
  const forget = () => {
    apiKey.forget();
    void queries.resetQueries();
  };
  return <Button onClick={forget}>Forget the key of this tab</Button>;
}

function Keys({ keys }: { readonly keys: readonly ApiKey[] }) {
  const { client } = useApi();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<ApiKey | null>(null);
  const revoke = useMutation({
    mutationFn: (id: string) => dataOf(client.DELETE("/v1/api-keys/{id}", { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: keysQuery(client).queryKey }),
  });
  const columns = [
    { title: "Name", cell: ({ name }: ApiKey) => name },
    { title: "State", cell: (key: ApiKey) => <StateBadge state={keyState(key, Date.now())} /> },
    { title: "May", cell: ({ scopes }: ApiKey) => scopes.join(", ") },
    { title: "Made", cell: ({ created_at }: ApiKey) => <Moment at={created_at} /> },
    {
      title: "Last used",
      cell: ({ last_used_at }: ApiKey) => (last_used_at === null ? "never" : <Moment at={last_used_at} />),
    },
    {
      title: "Expires",
      cell: ({ expires_at }: ApiKey) => (expires_at === null ? "never" : new Date(expires_at).toLocaleString()),
    },
    { title: "Id", cell: ({ id }: ApiKey) => <code>{id}</code> },
    {
      title: "End it",
      cell: (key: ApiKey) =>
        key.revoked_at === null && (
          <Button
            look="danger"
            disabled={revoke.isPending}
            aria-label={`Revoke ${key.name}`}
            onClick={() => setAsked(key)}
          >
            Revoke
          </Button>
        ),
    },
  ];
  return (
    <>
      {revoke.error !== null && (
        <p role="alert" className={field.error}>
          ✕ {describe(revoke.error)}
        </p>
      )}
      <DataTable caption="API keys" columns={columns} rows={keys} rowKey={({ id }) => id} />
      {asked !== null && (
        <ConfirmDialog
          title={`Revoke ${asked.name}?`}
          text="Whoever uses it is refused within five seconds. This cannot be undone."
          yes="Revoke it"
          look="danger"
          onAnswer={(yes) => {
            setAsked(null);
            if (yes) revoke.mutate(asked.id);
          }}
        />
      )}
    </>
  );
}
