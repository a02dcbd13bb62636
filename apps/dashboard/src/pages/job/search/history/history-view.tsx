import { formatPercent, isTerminal } from "@espalier/contracts";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useApi } from "../../../../api/api-context.js";
import { historyQuery } from "../../../../api/job-queries.js";
import { Choices } from "../../../../ui/choices.js";
import { Loaded } from "../../../../ui/loaded.js";
import { Message } from "../../../../ui/message.js";
import { useJob } from "../../job-context.js";
import { specOf } from "../../spec-of.js";
import { courseOf, type History, improvementsOf } from "./history-data.js";
import { HistoryPanel } from "./history-panel.js";
import styles from "./history-view.module.css";
import { ImprovementsPanel } from "./improvements-panel.js";

const route = getRouteApi("/jobs/$id/search");

const HEIGHT = 560;

/** So many circles can still be told apart. */
const POINTS = 1000;

/** How the search went, trial by trial. */
export function HistoryView() {
  const { job } = useJob();
  const { client, source } = useApi();
  const { from, to } = route.useSearch();
  // A report has the whole history only, and shows the range of it.
  const query = useQuery(historyQuery(client, job.id, POINTS, source === "service" ? { from, to } : {}));
  return (
    <Loaded query={query} height={HEIGHT}>
      {(history) => (history.total === 0 ? <NothingYet /> : <Course history={history} />)}
    </Loaded>
  );
}

function Course({ history }: { readonly history: History }) {
  const { job } = useJob();
  const { sparsity: asked } = route.useSearch();
  const { sparsities } = useMemo(() => specOf(job), [job]);
  const sparsity = sparsities.find((known) => known === asked) ?? null;
  const course = useMemo(
    () => courseOf(history, job.dense, { sparsities, sparsity }),
    [history, job.dense, sparsities, sparsity],
  );
  return (
    <>
      <div className={styles.choices}>
        {sparsities.length > 1 && <SparsityChoice sparsities={sparsities} shown={sparsity} />}
        <ScaleChoice />
      </div>
      <HistoryPanel history={history} course={course} sparsity={sparsity} />
      <ImprovementsPanel improvements={improvementsOf(course)} />
    </>
  );
}

interface SparsityChoiceProps {
  readonly sparsities: readonly number[];
  readonly shown: number | null;
}

const SparsityChoice = ({ sparsities, shown }: SparsityChoiceProps) => (
  <Choices label="Removed">
    {[null, ...sparsities].map((sparsity) => (
      <Link
        key={String(sparsity)}
        from="/jobs/$id/search"
        search={({ sparsity: _, ...search }) => (sparsity === null ? search : { ...search, sparsity })}
        activeOptions={{ exact: true }}
        aria-current={sparsity === shown ? "true" : undefined}
      >
        {sparsity === null ? "all targets" : formatPercent(sparsity)}
      </Link>
    ))}
  </Choices>
);

function ScaleChoice() {
  const { scale: shown = "log" } = route.useSearch();
  return (
    <Choices label="Scale">
      {(["log", "linear"] as const).map((scale) => (
        <Link
          key={scale}
          from="/jobs/$id/search"
          search={({ scale: _, ...search }) => (scale === "log" ? search : { ...search, scale })}
          activeOptions={{ exact: true }}
          aria-current={scale === shown ? "true" : undefined}
        >
          {scale === "log" ? "logarithmic" : "linear"}
        </Link>
      ))}
    </Choices>
  );
}

function NothingYet() {
  const { job } = useJob();
  return isTerminal(job.state) ? (
    <Message title="No trials" tone="empty">
      The job {job.state} before a trial was finished.
    </Message>
  ) : (
    <Message title="No trials yet" tone="empty">
      The model is read first; then every finished trial appears here by itself.
    </Message>
  );
}
