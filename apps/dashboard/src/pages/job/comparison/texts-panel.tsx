import { overlapSentence } from "@espalier/contracts";
import { Message } from "../../../ui/message.js";
import { Panel } from "../../../ui/panel.js";
import type { Comparison } from "./compared-rows.js";
import styles from "./comparison-page.module.css";

/** How much the job's texts repeat each other: what a reader of the perplexities must know of them. */
export function TextsPanel({ contamination }: Pick<Comparison, "contamination">) {
  if (contamination.length === 0) return null;
  const warnings = contamination.flatMap(({ warning }) => warning ?? []);
  return (
    <Panel
      title="How much the texts repeat each other"
      hint="A model finds text easy that it was fitted to. Shares of a few per cent are usual between parts of one corpus."
    >
      {warnings.map((warning) => (
        <Message key={warning} title="Read the report perplexities with care" tone="warning">
          {warning}
        </Message>
      ))}
      <ul className={styles.texts}>
        {contamination.map((overlap) => (
          <li key={`${overlap.split} ${overlap.other}`}>{overlapSentence(overlap)}</li>
        ))}
      </ul>
    </Panel>
  );
}
