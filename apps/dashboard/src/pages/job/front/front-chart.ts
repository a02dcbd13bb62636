import type { AnswerOf, Job } from "@espalier/client";
import { formatCount, formatPercent, formatPerplexity } from "@espalier/contracts";
import { axisStyle, type ChartOption } from "../../../charts/chart-option.js";
import type { Palette } from "../../../charts/palette.js";
import type { TableData } from "../../../charts/table-data.js";

export type Front = AnswerOf<"getPareto">;
export type Plan = Front["points"][number];
export type Baseline = Job["best"][number];

export const isSame = (plan: Plan, { trial_number, sparsity }: Pick<Plan, "trial_number" | "sparsity">): boolean =>
  plan.trial_number === trial_number && plan.sparsity === sparsity;

const described = (
  name: string,
  { parameters, perplexity }: { parameters: number; perplexity: number | null },
): string => `${name}\n${formatCount(parameters)} parameters\nperplexity ${formatPerplexity(perplexity)}`;

const planName = ({ trial_number, sparsity }: Plan): string => `Trial ${trial_number} at ${formatPercent(sparsity)}`;

/** Baselines that are far worse than every plan would press all others together: the table has these. */
const WORST_DRAWN = 2.5;
const BELOW_BEST = 0.88;

/** Ends of the perplexity axis: the best model, and somewhat worse than the worst plan. */
export function perplexityRange(
  points: readonly Plan[],
  dense: Front["dense"],
): { readonly min: number; readonly max: number } {
  const plans = points.map(({ scoring_perplexity }) => scoring_perplexity);
  const best = Math.min(...plans, dense?.scoring_perplexity ?? Number.POSITIVE_INFINITY);
  return { min: BELOW_BEST * best, max: WORST_DRAWN * Math.max(...plans) };
}

const LEFT = 62;
const BOTTOM = 52;

/** Plans on a line, baselines and the dense model as marks; the chosen plan is ringed. Smaller is left, better is down. */
export function frontOption(
  { points, dense }: Front,
  baselines: readonly Baseline[],
  chosen: Plan | undefined,
  palette: Palette,
): ChartOption {
  const { max } = perplexityRange(points, dense);
  const known = baselines.filter(({ scoring_perplexity: one }) => one !== null && one <= max);
  return {
    grid: { left: LEFT, right: 24, top: 34, bottom: BOTTOM },
    legend: { top: 0, left: 0, textStyle: { color: palette.text }, data: ["Found", "Baselines", "Dense"] },
    xAxis: {
      type: "value",
      scale: true,
      ...axisStyle(palette),
      name: "parameters",
      nameLocation: "middle",
      nameGap: 32,
      axisLabel: { color: palette.muted, hideOverlap: true, formatter: (value: number) => formatCount(value) },
    },
    yAxis: {
      type: "log",
      logBase: 2,
      ...axisStyle(palette),
      name: "perplexity, scoring text",
      nameLocation: "middle",
      nameGap: 44,
      ...perplexityRange(points, dense),
      axisLabel: { color: palette.muted, formatter: (value: number) => String(Number(value.toPrecision(3))) },
    },
    tooltip: { trigger: "item", formatter: ({ name }: { name: string }) => name },
    series: [
      {
        name: "Baselines",
        type: "scatter",
        symbol: "diamond",
        symbolSize: 10,
        itemStyle: { color: palette.baseline, opacity: 0.75 },
        data: known.map(({ name, parameters, scoring_perplexity }) => ({
          name: described(name, { parameters, perplexity: scoring_perplexity }),
          value: [parameters, scoring_perplexity],
        })),
      },
      {
        name: "Dense",
        type: "scatter",
        symbol: "rect",
        symbolSize: 13,
        itemStyle: { color: palette.dense },
        data:
          dense === null
            ? []
            : [
                {
                  name: described("Dense model", { ...dense, perplexity: dense.scoring_perplexity }),
                  value: [dense.parameters, dense.scoring_perplexity],
                },
              ],
      },
      {
        name: "Found",
        type: "line",
        symbol: "circle",
        symbolSize: 12,
        lineStyle: { color: palette.found, width: 2 },
        itemStyle: { color: palette.found },
        data: points.map((plan) => ({
          name: described(planName(plan), { ...plan, perplexity: plan.scoring_perplexity }),
          value: [plan.parameters, plan.scoring_perplexity],
          ...(chosen !== undefined &&
            isSame(plan, chosen) && {
              symbolSize: 20,
              itemStyle: { color: palette.found, borderColor: palette.text, borderWidth: 3 },
            }),
        })),
      },
    ],
  };
}

/** Name of the series whose points can be chosen. */
export const CHOSEN_FROM = "Found";

export const frontTable = ({ points, dense }: Front, baselines: readonly Baseline[]): TableData => ({
  columns: ["model", "sparsity", "parameters", "scoring perplexity"],
  rows: [
    ...points.map((plan) => [`trial ${plan.trial_number}`, plan.sparsity, plan.parameters, plan.scoring_perplexity]),
    ...baselines.map((one) => [one.name, one.sparsity, one.parameters, one.scoring_perplexity]),
    ...(dense === null ? [] : [["dense", 0, dense.parameters, dense.scoring_perplexity]]),
  ],
});
