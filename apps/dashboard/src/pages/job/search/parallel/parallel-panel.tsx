import { useCallback, useEffect, useRef } from "react";
import { ChartPanel } from "../../../../charts/chart-panel.js";
import type { EChartsType } from "../../../../charts/echarts.js";
import { Legend } from "../../../../charts/legend.js";
import type { Palette } from "../../../../charts/palette.js";
import { useNarrow } from "../../../../ui/use-narrow.js";
import { useJob } from "../../job-context.js";
import { specOf } from "../../spec-of.js";
import { analysedText, perplexityNote, WITHOUT_REFINED } from "../analysed-text.js";
import type { Brushes } from "../search-search.js";
import type { Parallel, ShownAxis } from "./parallel-data.js";
import { isStacked, parallelHeight, parallelOption, parallelTable } from "./parallel-option.js";

/** What the chart tells when a range was drawn, moved or removed. */
interface AreaSelected {
  readonly parallelAxisId: string;
  readonly intervals: readonly (readonly [number, number])[];
}

interface ParallelPanelProps {
  readonly view: Parallel;
  readonly axes: readonly ShownAxis[];
  readonly brushes: Brushes;
  /** Must be stable. Undefined: the axis has no range any more. */
  readonly onBrush: (axis: string, range: readonly [number, number] | undefined) => void;
  readonly onTrial: (number: number) => void;
}

/** The chart; ranges on its axes are those of the URL. It must be made anew for other axes. */
export function ParallelPanel({ view, axes, brushes, onBrush, onTrial }: ParallelPanelProps) {
  const { job } = useJob();
  const stacked = isStacked(axes.length, useNarrow());
  const option = useCallback((palette: Palette) => parallelOption(view, axes, palette, stacked), [view, axes, stacked]);
  const onChart = useBrushes(axes, brushes, onBrush, onTrial);
  return (
    <ChartPanel
      key={String(stacked)}
      title="Parallel coordinates"
      hint={
        <>
          Each line is a trial, from what it tried to the perplexity it reached; the best tenth stands out. Drag along
          an axis to keep the trials that pass there, click beside the range to let go. {analysedText(view)}{" "}
          {WITHOUT_REFINED} {perplexityNote(specOf(job).sparsities)}
        </>
      }
      label={`${view.rows.length} trials over ${axes.length - 1} parameters and their perplexity.`}
      fileName="parallel-coordinates"
      height={parallelHeight(axes.length, stacked)}
      option={option}
      table={() => parallelTable(view)}
      onChart={onChart}
    >
      <Legend
        items={[
          { name: "best trial", sign: "━", color: "text" },
          { name: "best tenth", sign: "─", color: "found" },
          { name: "other trials", sign: "─", color: "idle" },
        ]}
      />
    </ChartPanel>
  );
}

/** Keeps the ranges of the chart and those of the URL the same. */
function useBrushes(
  axes: readonly ShownAxis[],
  brushes: Brushes,
  onBrush: ParallelPanelProps["onBrush"],
  onTrial: ParallelPanelProps["onTrial"],
): (made: EChartsType | null) => void {
  const chart = useRef<EChartsType | null>(null);
  /** What the chart shows: nothing is told to it twice. */
  const drawn = useRef(new Map<string, string>());
  const draw = useCallback(() => {
    for (const { name } of axes) {
      const intervals = brushes[name] === undefined ? [] : [brushes[name]];
      const text = JSON.stringify(intervals);
      if ((drawn.current.get(name) ?? "[]") === text) continue;
      drawn.current.set(name, text);
      chart.current?.dispatchAction({ type: "axisAreaSelect", parallelAxisId: name, intervals }, { silent: true });
    }
  }, [axes, brushes]);
  const latest = useRef(draw);
  useEffect(() => {
    latest.current = draw;
    if (chart.current !== null) draw();
  }, [draw]);
  return useCallback(
    (made) => {
      chart.current = made;
      drawn.current.clear();
      if (made === null) return;
      // The option is set right after this call, and only then there are axes.
      queueMicrotask(() => latest.current());
      made.on("axisareaselected", (event) => {
        const { parallelAxisId, intervals } = event as unknown as AreaSelected;
        const range = intervals.at(-1);
        const rounded = range && ([rounded5(range[0]), rounded5(range[1])] as const);
        if (intervals.length <= 1) drawn.current.set(parallelAxisId, JSON.stringify(rounded ? [rounded] : []));
        else drawn.current.delete(parallelAxisId);
        onBrush(parallelAxisId, rounded);
      });
      made.on("click", ({ data }) => onTrial((data as { readonly number: number }).number));
    },
    [onBrush, onTrial],
  );
}

/** A URL needs no more digits than a mouse gives. */
const rounded5 = (value: number): number => Number(value.toPrecision(5));
