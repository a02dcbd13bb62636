import type { Status } from "@espalier/client";
import { verdictOf } from "./verdict.js";
import styles from "./verdict-panel.module.css";

const signs = { good: "✓", warn: "!", bad: "✕" } as const;

/** The answer of the page, and what to do where it is not "all right". */
export function VerdictPanel({ status }: { readonly status: Status }) {
  const { tone, sentence, concerns } = verdictOf(status);
  const [first, ...others] = concerns;
  return (
    <section className={`${styles.verdict} ${styles[tone]}`} aria-label="Verdict">
      <span className={styles.sign} aria-hidden="true">
        {signs[tone]}
      </span>
      <div>
        <p className={styles.sentence} role="status">
          {sentence}
        </p>
        {first !== undefined && <p>{first.what}</p>}
        {others.length > 0 && (
          <ul className={styles.others}>
            {others.map(({ title, what }) => (
              <li key={title}>
                <strong>{title}.</strong> {what}
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}
