import { formatCount, formatPerplexity } from "@espalier/contracts";
import { Panel } from "../../../ui/panel.js";
import { bestBaseline, type ComparedRow, type Split } from "./compared-rows.js";
import styles from "./comparison-page.module.css";
import { headline } from "./headline.js";

interface HeadlinePanelProps {
  readonly rows: readonly ComparedRow[];
  readonly split: Split;
  readonly title: string;
}

/** The finding in one sentence, with the numbers that it is made of. */
export function HeadlinePanel({ rows, split, title }: HeadlinePanelProps) {
  const { finding, meaning } = headline(rows, split);
  const found = rows.find(({ kind }) => kind === "found");
  const shown = [
    { what: "Found plan", row: found },
    { what: "Recovered", row: recoveredRow(found) },
    { what: "Best baseline", row: bestBaseline(rows) },
    { what: "Dense model", row: rows.find(({ kind }) => kind === "dense") },
  ];
  return (
    <Panel title={title}>
      <p className={styles.finding}>{finding}</p>
      <p className={styles.meaning}>{meaning.join(" ")}</p>
      <dl className={styles.figures}>
        {shown.map(({ what, row }) => row !== undefined && <Figure key={what} what={what} row={row} />)}
      </dl>
      <SplitHint />
    </Panel>
  );
}

/** The found plan with the figures that its recovery gave it. */
function recoveredRow(found: ComparedRow | undefined): ComparedRow | undefined {
  const recovery = found?.model.recovery;
  if (found === undefined || recovery === undefined) return undefined;
  return { ...found, perplexity: recovery.report_perplexity };
}

function Figure({ what, row: { kind, model, perplexity } }: { readonly what: string; readonly row: ComparedRow }) {
  return (
    <div className={styles.figure}>
      <dt>{what}</dt>
      <dd className={styles[kind]}>{perplexity === null ? "∞" : formatPerplexity(perplexity)}</dd>
      <dd className={styles.what}>
        {model.name}, {formatCount(model.parameters)} parameters
      </dd>
    </div>
  );
}

/** Which text which number was measured on, and why there are two. */
function SplitHint() {
  return (
    <details className={styles.hint}>
      <summary>Scoring text and report text</summary>
      <p>
        The search tries plan after plan on the scoring text and keeps the best one, so that plan suits the scoring text
        a little better than any other. The report text is read once, when the search is over, by all models alike: its
        numbers say what to expect of new text. Perplexity says how surprised a model is by the text; lower is better.
      </p>
    </details>
  );
}
