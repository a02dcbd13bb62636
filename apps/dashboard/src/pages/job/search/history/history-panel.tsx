import { formatCount } from "@espalier/contracts";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";
import { ChartPanel } from "../../../../charts/chart-panel.js";
import { Legend } from "../../../../charts/legend.js";
import type { Palette } from "../../../../charts/palette.js";
import { useNarrow } from "../../../../ui/use-narrow.js";
import { useJob } from "../../job-context.js";
import { specOf } from "../../spec-of.js";
import { perplexityNote } from "../analysed-text.js";
import { type Course, courseSentence, type History, thinnedText } from "./history-data.js";
import { ceilingOf, historyOption, historyTable } from "./history-option.js";
import { RangeForm } from "./range-form.js";
import { useRange } from "./use-range.js";

const route = getRouteApi("/jobs/$id/search");

const HEIGHT = 440;

interface HistoryPanelProps {
  readonly history: History;
  readonly course: Course;
  /** Null: all targets. */
  readonly sparsity: number | null;
}

/** Every trial, the best so far, and what they are measured by. */
export function HistoryPanel({ history, course, sparsity }: HistoryPanelProps) {
  const { job } = useJob();
  const isNarrow = useNarrow();
  const { from, to, scale = "log" } = route.useSearch();
  const last = Math.max(history.total - 1, history.trials.at(-1)?.number ?? 0);
  const [first, end] = [from ?? 0, Math.max(from ?? 0, Math.min(to ?? last, last))];
  const option = useCallback(
    (palette: Palette) => historyOption(course, palette, { scale, range: [first, end], last, isNarrow }),
    [course, scale, first, end, last, isNarrow],
  );
  const { onChart, setRange } = useRange(last);
  const sentence = courseSentence(course, end < last ? end : undefined);
  const ceiling = ceilingOf(course, scale);
  const above = course.points.filter(({ perplexity }) => (perplexity ?? 0) > ceiling).length;
  return (
    <ChartPanel
      title="Optimisation history"
      hint={
        <>
          {sentence} {sparsity === null ? perplexityNote(specOf(job).sparsities) : OF_ONE_TARGET} {thinnedText(history)}{" "}
          {above > 0 && `${formatCount(above)} trials lie above what a linear axis shows.`}
        </>
      }
      label={`${course.points.length} trials. ${sentence}`}
      fileName={`history-${job.id}`}
      height={HEIGHT}
      option={option}
      table={() => historyTable(course)}
      onChart={onChart}
    >
      <Legend items={legendOf(course)} />
      <RangeForm key={`${from} ${to}`} from={from} to={to} last={last} onRange={setRange} />
    </ChartPanel>
  );
}

const OF_ONE_TARGET = "The line is of the trial that was best over all targets.";

const known = [
  { state: "completed", name: "completed", sign: "●", color: "found" },
  { state: "pruned", name: "stopped early, estimated", sign: "○", color: "idle" },
  { state: "infeasible", name: "infeasible, no perplexity", sign: "▲", color: "warn" },
  { state: "failed", name: "failed", sign: "◆", color: "bad" },
] as const;

const legendOf = ({ points, baselines }: Course) => [
  { name: "best so far", sign: "━", color: "found" } as const,
  ...(baselines.length > 0 ? [{ name: "baselines, the best one dashed", sign: "┄", color: "baseline" } as const] : []),
  ...known
    .map(({ state, ...item }) => ({ ...item, count: points.filter((point) => point.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ count, name, sign, color }) => ({ name: `${name} (${formatCount(count)})`, sign, color })),
];
