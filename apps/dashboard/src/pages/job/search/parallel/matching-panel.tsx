import { formatCount, formatPerplexity } from "@espalier/contracts";
import { Button } from "../../../../ui/button.js";
import { type Column, DataTable } from "../../../../ui/data-table.js";
import { Panel } from "../../../../ui/panel.js";
import { TrialLink } from "../../trial-link.js";
import type { Brushes } from "../search-search.js";
import styles from "./matching-panel.module.css";
import { bestFirst, isTop, type Parallel, type ParallelRow, type ShownAxis } from "./parallel-data.js";
import { axisName, placeText } from "./parallel-option.js";
import { RangeForm } from "./range-form.js";

const LISTED = 10;

interface MatchingPanelProps {
  readonly view: Parallel;
  readonly axes: readonly ShownAxis[];
  readonly brushes: Brushes;
  readonly found: readonly ParallelRow[];
  readonly onBrush: (axis: string, range: readonly [number, number] | undefined) => void;
}

/** The trials that pass through all ranges, the best first; ranges can be set here by keyboard too. */
export function MatchingPanel({ view, axes, brushes, found, onBrush }: MatchingPanelProps) {
  const chosen = axes.flatMap((axis) => {
    const range = brushes[axis.name];
    return range === undefined ? [] : [{ axis, range }];
  });
  const top = found.filter((row) => isTop(row, view)).length;
  return (
    <Panel
      title={chosen.length === 0 ? "The best trials" : "Trials in the chosen ranges"}
      hint={
        chosen.length === 0
          ? "Choose ranges in the chart or here to see what their trials have in common."
          : `${formatCount(found.length)} of ${formatCount(view.rows.length)} trials shown, ${formatCount(top)} of them of the best tenth.`
      }
    >
      {chosen.length > 0 && (
        <ul className={styles.ranges} aria-label="Chosen ranges">
          {chosen.map(({ axis, range: [low, high] }) => (
            <li key={axis.name}>
              <span>
                {axisName(axis)} {placeText(axis, low)} to {placeText(axis, high)}
              </span>
              <Button
                look="quiet"
                aria-label={`Remove the range of ${axisName(axis)}`}
                onClick={() => onBrush(axis.name, undefined)}
              >
                ✕
              </Button>
            </li>
          ))}
        </ul>
      )}
      <RangeForm axes={axes} brushes={brushes} onBrush={onBrush} />
      <DataTable
        caption="The best of these trials"
        columns={columns(axes)}
        rows={bestFirst(found).slice(0, LISTED)}
        rowKey={({ number }) => number}
      />
    </Panel>
  );
}

const columns = (axes: readonly ShownAxis[]): readonly Column<ParallelRow>[] => [
  { title: "Trial", numeric: true, cell: ({ number }) => <TrialLink number={number} /> },
  { title: "Perplexity", numeric: true, cell: ({ score }) => formatPerplexity(Math.exp(score)) },
  ...axes
    .filter(({ parameter }) => parameter !== null)
    .map((axis) => ({
      title: axis.name,
      numeric: axis.parameter?.choices === null,
      cell: (row: ParallelRow) => placeText(axis, axis.at(row)),
    })),
];
