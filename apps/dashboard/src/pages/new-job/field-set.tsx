import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../api/api-context.js";
import { openapiQuery } from "../../api/service-queries.js";
import { Panel } from "../../ui/panel.js";
import { bodySchema, schemaAt } from "./body-schema.js";
import { FieldRow } from "./field-row.js";
import type { Field } from "./fields.js";
import { type Body, isBlocked, valueAt, withValue } from "./json-pointer.js";
import styles from "./new-job-page.module.css";
import type { Problems } from "./problems.js";

interface FieldSetProps {
  readonly title: string;
  readonly fields: readonly Field[];
  readonly body: Body;
  readonly onBody: (body: Body) => void;
  readonly problems: Problems;
}

/** Fields that belong together, each as the service's description has it. */
export function FieldSet({ title, fields, body, onBody, problems }: FieldSetProps) {
  const { client } = useApi();
  const { data } = useQuery(openapiQuery(client));
  const schema = bodySchema(data);
  return (
    <Panel title={title}>
      <div className={styles.fields}>
        {fields.map((field) => (
          <FieldRow
            key={field.pointer}
            field={field}
            schema={schemaAt(schema, field.pointer)}
            value={valueAt(body, field.pointer)}
            isBlocked={isBlocked(body, field.pointer)}
            problem={problems.byField.get(field.pointer)}
            onValue={(value) => onBody(withValue(body, field.pointer, value))}
          />
        ))}
      </div>
    </Panel>
  );
}
