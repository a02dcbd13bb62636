import type { Trial } from "@espalier/client";
import { formatCount, formatPercent, formatPerplexity } from "@espalier/contracts";
import { DataTable } from "../../../ui/data-table.js";
import { Message } from "../../../ui/message.js";
import { Panel } from "../../../ui/panel.js";
import { useJob } from "../job-context.js";
import { againstBaseline } from "./against-baseline.js";
import styles from "./trial-page.module.css";

type Result = Trial["results"][number];

/** What it reached at each sparsity, against the best baseline on the same text. */
export function ResultsPanel({ trial: { state, results, partial_score } }: { readonly trial: Trial }) {
  const { job } = useJob();
  const columns = [
    { title: "Removed", cell: ({ achieved_sparsity }: Result) => formatPercent(achieved_sparsity) },
    { title: "Parameters", numeric: true, cell: ({ parameters }: Result) => formatCount(parameters) },
    {
      title: "Perplexity",
      numeric: true,
      cell: ({ scoring_perplexity }: Result) => formatPerplexity(scoring_perplexity),
    },
    {
      title: "Against the best baseline",
      numeric: true,
      cell: (result: Result) => <Against gain={againstBaseline(result, job.best_baseline)} />,
    },
  ];
  return (
    <Panel title="Result" hint="On the scoring text; lower is better.">
      {results.length > 0 ? (
        <DataTable caption="Results by sparsity" columns={columns} rows={results} rowKey={({ sparsity }) => sparsity} />
      ) : partial_score !== null ? (
        <Message title={`About ${formatPerplexity(Math.exp(partial_score))}`} tone="info">
          It clearly lost to its rival on the windows that were read, so it stopped early: this is an estimate.
        </Message>
      ) : (
        <Message title={state === "running" ? "Being scored" : "No result"} tone="empty">
          {state === "running" ? "The result appears here when it is done." : "It ended before it was scored."}
        </Message>
      )}
    </Panel>
  );
}

function Against({ gain }: { readonly gain: number | null }) {
  if (gain === null) return "–";
  return (
    <span className={gain > 0 ? styles.better : styles.worse}>
      {gain > 0 ? "▼" : "▲"} {formatPercent(Math.abs(gain))} {gain > 0 ? "lower" : "higher"}
    </span>
  );
}
