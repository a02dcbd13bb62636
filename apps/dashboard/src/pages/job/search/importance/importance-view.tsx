import { formatCount, formatPercent } from "@espalier/contracts";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useCallback } from "react";
import { useApi } from "../../../../api/api-context.js";
import { importanceQuery } from "../../../../api/job-queries.js";
import { ChartPanel } from "../../../../charts/chart-panel.js";
import type { EChartsType } from "../../../../charts/echarts.js";
import type { Palette } from "../../../../charts/palette.js";
import { Choices } from "../../../../ui/choices.js";
import { Loaded } from "../../../../ui/loaded.js";
import { Message } from "../../../../ui/message.js";
import { useNarrow } from "../../../../ui/use-narrow.js";
import { useJob } from "../../job-context.js";
import { analysedText, WITHOUT_REFINED } from "../analysed-text.js";
import {
  type Importance,
  importanceHeight,
  importanceOption,
  importanceSentence,
  importanceTable,
} from "./importance-option.js";

const route = getRouteApi("/jobs/$id/search");

const HEIGHT = 420;

/** What the API takes for best where nothing is asked. */
const DEFAULT_QUANTILE = 0.1;
const QUANTILES = [0.05, DEFAULT_QUANTILE, 0.25] as const;

/** Which parameters decide whether a trial is among the best. */
export function ImportanceView() {
  const { job } = useJob();
  const { client, source } = useApi();
  const { quantile } = route.useSearch();
  const query = useQuery(importanceQuery(client, job.id, quantile));
  return (
    <>
      {source === "service" && <QuantileChoice shown={quantile ?? DEFAULT_QUANTILE} />}
      <Loaded query={query} height={HEIGHT}>
        {(view) => <Bars view={view} />}
      </Loaded>
    </>
  );
}

const QuantileChoice = ({ shown }: { readonly shown: number }) => (
  <Choices label="Best means">
    {QUANTILES.map((quantile) => (
      <Link
        key={quantile}
        from="/jobs/$id/search"
        search={({ quantile: _, ...search }) => (quantile === DEFAULT_QUANTILE ? search : { ...search, quantile })}
        activeOptions={{ exact: true }}
        aria-current={quantile === shown ? "true" : undefined}
      >
        best {Math.round(100 * quantile)} %
      </Link>
    ))}
  </Choices>
);

function Bars({ view }: { readonly view: Importance }) {
  const { job } = useJob();
  const isNarrow = useNarrow();
  const navigate = route.useNavigate();
  const option = useCallback((palette: Palette) => importanceOption(view, palette, isNarrow), [view, isNarrow]);
  const onChart = useCallback(
    (made: EChartsType | null) => {
      made?.on("click", ({ name }) => {
        void navigate({ search: (search) => ({ ...search, view: "slices", parameter: name }) });
      });
    },
    [navigate],
  );
  if (view.reason !== null) {
    return (
      <Message title="Importances are not known yet" tone="empty">
        {view.reason}. {formatCount(view.trials)} trials could be looked at so far. {WITHOUT_REFINED}
      </Message>
    );
  }
  return (
    <ChartPanel
      title="Parameter importance"
      hint={
        <>
          {importanceSentence(view)} This is how much each parameter decides whether a trial is among the best{" "}
          {formatPercent(view.quantile)} ({formatCount(view.top_trials)} trials), by PED-ANOVA; the shares sum to 100 %.
          A parameter without a share may take any value, or was hardly varied. Click a bar to see its values.{" "}
          {analysedText(view)} {WITHOUT_REFINED}
        </>
      }
      label={importanceSentence(view)}
      fileName={`importance-${job.id}`}
      height={importanceHeight(view)}
      option={option}
      table={() => importanceTable(view)}
      onChart={onChart}
    />
  );
}
