import { recoverySentences, taskRows } from "@espalier/contracts";
import { DataTable } from "../../../ui/data-table.js";
import { Panel } from "../../../ui/panel.js";
import type { ComparedModel } from "./compared-rows.js";
import styles from "./comparison-page.module.css";

/** What the repair after slicing brought, where the job asked for one. */
export function RecoveryPanel({ found }: { readonly found: ComparedModel | undefined }) {
  const sentences = found === undefined ? [] : recoverySentences(found);
  if (sentences.length === 0) return null;
  return (
    <Panel title="Recovery">
      {sentences.map((sentence) => (
        <p key={sentence} className={styles.meaning}>
          {sentence}
        </p>
      ))}
    </Panel>
  );
}

interface TasksPanelProps {
  readonly dense: ComparedModel | null;
  readonly found: ComparedModel | undefined;
}

/** Zero-shot tasks, where the job asked for any. */
export function TasksPanel({ dense, found }: TasksPanelProps) {
  const recovered = found?.recovery;
  const models = [
    { title: "Dense", model: dense ?? {} },
    { title: recovered === undefined ? "Found plan" : "Before recovery", model: found ?? {} },
    ...(recovered === undefined ? [] : [{ title: "Recovered", model: recovered }]),
  ];
  const rows = taskRows(models.map(({ model }) => model));
  if (rows.length === 0) return null;
  return (
    <Panel title="Zero-shot tasks" hint="Value ± standard error; a higher value is better.">
      <DataTable
        caption="Zero-shot tasks"
        columns={[
          { title: "Task", cell: ({ task }) => task },
          { title: "Items", numeric: true, cell: ({ items }) => items },
          ...models.map(({ title }, place) => {
            return { title, numeric: true, cell: ({ values }: (typeof rows)[number]) => values[place] };
          }),
        ]}
        rows={rows}
        rowKey={({ task }) => task}
      />
    </Panel>
  );
}
