import { formatPercent, isTerminal } from "@espalier/contracts";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useApi } from "../../../api/api-context.js";
import { comparisonQuery } from "../../../api/job-queries.js";
import { Choices } from "../../../ui/choices.js";
import { Loaded } from "../../../ui/loaded.js";
import { Message } from "../../../ui/message.js";
import { Panel } from "../../../ui/panel.js";
import stack from "../../../ui/stack.module.css";
import { useJob } from "../job-context.js";
import { type Comparison, comparedRows, sparsitiesOf, splitOf } from "./compared-rows.js";
import { ComparisonTable } from "./comparison-table.js";
import { DifferencePanel } from "./difference-panel.js";
import { HeadlinePanel } from "./headline-panel.js";
import { RecoveryPanel, TasksPanel } from "./more-measurements.js";
import { SamplesPanel } from "./samples-panel.js";
import { TextsPanel } from "./texts-panel.js";

const HEIGHT = 520;

/** The found plans against baselines and dense model. */
export function ComparisonPage() {
  const { job } = useJob();
  const { client } = useApi();
  const query = useQuery(comparisonQuery(client, job.id));
  return (
    <Loaded query={query} height={HEIGHT}>
      {(view) => <Views view={view as Comparison} />}
    </Loaded>
  );
}

const route = getRouteApi("/jobs/$id/comparison");

function Views({ view }: { readonly view: Comparison }) {
  const search = route.useSearch();
  const sparsities = sparsitiesOf(view);
  const sparsity = sparsities.find((known) => known === search.sparsity) ?? sparsities[0];
  if (sparsity === undefined) return <NothingYet />;
  return (
    <div className={stack.column}>
      {sparsities.length > 1 && (
        <Choices label="Removed">
          {sparsities.map((known) => (
            <Link
              key={known}
              from="/jobs/$id/comparison"
              search={{ sparsity: known }}
              aria-current={known === sparsity ? "true" : undefined}
            >
              {formatPercent(known)}
            </Link>
          ))}
        </Choices>
      )}
      <AtSparsity view={view} sparsity={sparsity} />
      <TextsPanel contamination={view.contamination} />
    </div>
  );
}

function AtSparsity({ view, sparsity }: { readonly view: Comparison; readonly sparsity: number }) {
  const { job } = useJob();
  const split = splitOf(view);
  const rows = useMemo(() => comparedRows(view, sparsity, split), [view, sparsity, split]);
  const found = view.best.find((model) => model.sparsity === sparsity);
  return (
    <>
      {split === "scoring" && isTerminal(job.state) && (
        <Message title={`The job ${job.state} before the report text was read`} tone="info">
          These are the figures of the scoring text, which the search looked at.
        </Message>
      )}
      <HeadlinePanel rows={rows} split={split} title={`${formatPercent(sparsity)} of the prunable weights removed`} />
      <DifferencePanel rows={rows} sparsity={sparsity} />
      <SamplesPanel texts={view.text_samples} sparsity={sparsity} isRecovered={found?.recovery !== undefined} />
      <Panel title="All models" hint="The lowest perplexity first. Every baseline removes as much as the found plan.">
        <ComparisonTable rows={rows} split={split} />
      </Panel>
      <RecoveryPanel found={found} />
      <TasksPanel dense={view.dense} found={found} />
    </>
  );
}

function NothingYet() {
  const { job } = useJob();
  return isTerminal(job.state) ? (
    <Message title="Nothing to compare" tone="empty">
      The job {job.state} before any model was measured.
    </Message>
  ) : (
    <Message title="Nothing to compare yet" tone="empty">
      Baselines appear here when the statistics are there, found plans as the search goes on, and their figures on the
      report text when the job ends.
    </Message>
  );
}
