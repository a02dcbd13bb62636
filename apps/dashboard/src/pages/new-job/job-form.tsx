import { dataOf, type JobBody } from "@espalier/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { useApi } from "../../api/api-context.js";
import { estimateQuery } from "../../api/jobs-queries.js";
import { Button, buttonLink } from "../../ui/button.js";
import { Message } from "../../ui/message.js";
import stack from "../../ui/stack.module.css";
import { useSettled } from "../../ui/use-settled.js";
import { EstimatePanel } from "./estimate-panel.js";
import { FieldSet } from "./field-set.js";
import { allFields, firstFields, moreFields } from "./fields.js";
import { JsonPanel } from "./json-panel.js";
import { type Body, valueAt } from "./json-pointer.js";
import styles from "./new-job-page.module.css";
import { problemsOf } from "./problems.js";
import { randomKey } from "./random-key.js";
import { SecretsPanel } from "./secrets-panel.js";

/** Between the last key and the question to the service. */
const SETTLED_MS = 450;

interface JobFormProps {
  readonly body: Body;
  readonly onBody: (body: Body) => void;
  readonly onDone: () => void;
}

/** The form itself: the service checks it while it is filled in. */
export function JobForm({ body, onBody, onDone }: JobFormProps) {
  const { client } = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const settled = useSettled(body, SETTLED_MS);
  // A model from a hub has no path, but is a model too.
  const isComplete = ["/model", "/calibration/corpus", "/target/sparsity"].every(
    (pointer) => valueAt(settled, pointer) !== undefined,
  );
  const estimate = useQuery({ ...estimateQuery(client, settled as JobBody), enabled: isComplete });
  // One key for one body: a second click on the button is the same submit.
  const [key, setKey] = useState(randomKey);
  const change = (next: Body) => {
    setKey(randomKey());
    onBody(next);
  };
  const submit = useMutation({
    mutationFn: () =>
      dataOf(client.POST("/v1/jobs", { params: { header: { "idempotency-key": key } }, body: body as JobBody })),
    onSuccess: ({ job, webhook_secrets }) => {
      onDone();
      void queries.invalidateQueries({ queryKey: ["jobs"] });
      if (webhook_secrets === undefined) void navigate({ to: "/jobs/$id", params: { id: job.id } });
    },
  });
  const problems = problemsOf(submit.error ?? estimate.error, allFields);
  useEffect(() => {
    if (submit.error !== null) document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [submit.error]);
  const secrets = submit.data?.webhook_secrets;
  if (submit.data !== undefined && secrets !== undefined)
    return <SecretsPanel job={submit.data.job} secrets={secrets} />;
  const send = (event: FormEvent) => {
    event.preventDefault();
    submit.mutate();
  };
  return (
    <form className={stack.wide} onSubmit={send} noValidate aria-label="New job">
      <div className={stack.column}>
        <FieldSet title="What to prune" fields={firstFields} body={body} onBody={change} problems={problems} />
        <details
          className={styles.more}
          open={moreFields.some(({ fields }) => fields.some(({ pointer }) => problems.byField.has(pointer)))}
        >
          <summary>More: search, texts, repair, files, limits</summary>
          <div className={stack.column}>
            {moreFields.map(({ title, fields }) => (
              <FieldSet key={title} title={title} fields={fields} body={body} onBody={change} problems={problems} />
            ))}
          </div>
        </details>
        <JsonPanel body={body} onBody={change} />
      </div>
      <div className={styles.side}>
        {problems.others.length > 0 && (
          <Message title="The service would refuse this" tone="error">
            <ul className={styles.problems}>
              {problems.others.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          </Message>
        )}
        <EstimatePanel query={estimate} isComplete={isComplete} />
        <div className={styles.buttons}>
          <Button type="submit" look="primary" disabled={submit.isPending}>
            {submit.isPending ? "Submitting…" : "Submit job"}
          </Button>
          <Link to="/jobs" className={buttonLink("quiet")}>
            Back to jobs
          </Link>
        </div>
      </div>
    </form>
  );
}
