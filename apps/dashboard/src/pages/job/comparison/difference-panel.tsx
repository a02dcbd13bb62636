import { useCallback, useMemo } from "react";
import { ChartPanel } from "../../../charts/chart-panel.js";
import type { Palette } from "../../../charts/palette.js";
import { useNarrow } from "../../../ui/use-narrow.js";
import type { ComparedRow } from "./compared-rows.js";
import { chartHeight, differenceOption, differencesOf, differenceTable } from "./difference-chart.js";

interface DifferencePanelProps {
  readonly rows: readonly ComparedRow[];
  readonly sparsity: number;
}

/** The found plan against every other model, drawn. */
export function DifferencePanel({ rows, sparsity }: DifferencePanelProps) {
  const differences = useMemo(() => differencesOf(rows), [rows]);
  const isNarrow = useNarrow();
  const option = useCallback(
    (palette: Palette) => differenceOption(differences, palette, isNarrow),
    [differences, isNarrow],
  );
  if (differences.length === 0) return null;
  const better = differences.filter(({ kind, relative }) => kind === "baseline" && relative > 0).length;
  const baselines = differences.filter(({ kind }) => kind === "baseline").length;
  return (
    <ChartPanel
      title="The found plan against each model"
      hint={
        <>
          Models right of the line have a higher perplexity than the found plan, so the plan is better. A whisker is the
          95 % paired bootstrap interval: where it crosses the line the difference may be chance. Circles are baselines,
          the diamond is the dense model.
        </>
      }
      label={`The found plan has a lower perplexity than ${better} of ${baselines} baselines.`}
      fileName={`comparison-${sparsity}`}
      height={chartHeight(differences)}
      option={option}
      table={() => differenceTable(differences)}
    />
  );
}
