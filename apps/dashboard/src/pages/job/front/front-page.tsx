import type { AnswerOf } from "@espalier/client";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";
import { useApi } from "../../../api/api-context.js";
import { comparisonQuery, paretoQuery } from "../../../api/job-queries.js";
import { ChartPanel } from "../../../charts/chart-panel.js";
import type { EChartsType } from "../../../charts/echarts.js";
import type { Palette } from "../../../charts/palette.js";
import { Loaded } from "../../../ui/loaded.js";
import { Message } from "../../../ui/message.js";
import stack from "../../../ui/stack.module.css";
import { useJob } from "../job-context.js";
import { type Baseline, CHOSEN_FROM, type Front, frontOption, frontTable, isSame, type Plan } from "./front-chart.js";
import { PlanPanel } from "./plan-panel.js";
import { PlansPanel } from "./plans-panel.js";

const route = getRouteApi("/jobs/$id/front");
const HEIGHT = 440;

/** Smaller or better: the plans than which no other is both. */
export function FrontPage() {
  const { job } = useJob();
  const { client } = useApi();
  const query = useQuery(paretoQuery(client, job.id));
  const comparison = useQuery(comparisonQuery(client, job.id));
  const baselines = (comparison.data as AnswerOf<"getComparison"> | undefined)?.baselines ?? none;
  return (
    <Loaded query={query} height={HEIGHT}>
      {(front) =>
        front.points.length === 0 ? (
          <Message title="No plan yet" tone="empty">
            The front appears with the first trial that was scored, after the profile.
          </Message>
        ) : (
          <FrontViews front={front} baselines={baselines} />
        )
      }
    </Loaded>
  );
}

const none: readonly Baseline[] = [];

function FrontViews({ front, baselines }: { readonly front: Front; readonly baselines: readonly Baseline[] }) {
  const { job } = useJob();
  const { trial, sparsity } = route.useSearch();
  const navigate = route.useNavigate();
  const chosen =
    front.points.find(
      (plan) => trial !== undefined && isSame(plan, { trial_number: trial, sparsity: sparsity ?? plan.sparsity }),
    ) ??
    front.points.find((plan) => job.best.some(({ trial_number }) => trial_number === plan.trial_number)) ??
    front.points[0];
  const choose = useCallback(
    ({ trial_number, sparsity: at }: Plan) =>
      void navigate({ search: { trial: trial_number, sparsity: at }, replace: true, resetScroll: false }),
    [navigate],
  );
  const option = useCallback(
    (palette: Palette) => frontOption(front, baselines, chosen, palette),
    [front, baselines, chosen],
  );
  const onChart = useCallback(
    (chart: EChartsType | null) => {
      chart?.on("click", ({ seriesName, dataIndex }) => {
        const plan = seriesName === CHOSEN_FROM ? front.points[dataIndex ?? -1] : undefined;
        if (plan !== undefined) choose(plan);
      });
    },
    [front, choose],
  );
  return (
    <div className={stack.column}>
      <ChartPanel
        title="Size against quality"
        hint="No other plan is both smaller and better than one on the line. Left is smaller, down is better. Choose a point to see its plan. Baselines far above all plans are in the table only."
        label={`${front.points.length} plans of which none is both smaller and better than another, with baselines and the dense model.`}
        fileName="pareto-front"
        height={HEIGHT}
        option={option}
        table={() => frontTable(front, baselines)}
        onChart={onChart}
      />
      <div className={stack.wide}>
        <PlansPanel front={front} chosen={chosen} onChoose={choose} />
        {chosen !== undefined && (
          <PlanPanel key={`${chosen.trial_number} ${chosen.sparsity}`} plan={chosen} front={front} />
        )}
      </div>
    </div>
  );
}
