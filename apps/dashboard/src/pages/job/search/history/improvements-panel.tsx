import { formatPercent, formatPerplexity } from "@espalier/contracts";
import { type Column, DataTable } from "../../../../ui/data-table.js";
import { Panel } from "../../../../ui/panel.js";
import { TrialLink } from "../../trial-link.js";
import type { Point } from "./history-data.js";

const LISTED = 15;

const origins = { start: "starting point", sampler: "sampler", refinement: "refinement" } as const;

interface Step extends Point {
  /** Share by which the perplexity fell; null for the first one, and where it is not known. */
  readonly gain: number | null;
}

/** The trials that were better than all before, the latest first. */
export function ImprovementsPanel({ improvements }: { readonly improvements: readonly Point[] }) {
  if (improvements.length === 0) return null;
  const steps = improvements.slice(0, LISTED).map((point, place): Step => {
    const before = improvements[place + 1]?.perplexity ?? null;
    const gain = before === null || point.perplexity === null ? null : 1 - point.perplexity / before;
    return { ...point, gain };
  });
  return (
    <Panel
      title="Steps forward"
      hint={
        improvements.length > LISTED
          ? `The latest ${LISTED} of ${improvements.length} shown trials that were better than all before.`
          : "Trials that were better than all before."
      }
    >
      <DataTable
        caption="Trials that were better than all before"
        columns={columns}
        rows={steps}
        rowKey={({ number }) => number}
      />
    </Panel>
  );
}

const columns: readonly Column<Step>[] = [
  { title: "Trial", numeric: true, cell: ({ number }) => <TrialLink number={number} /> },
  { title: "Perplexity", numeric: true, cell: ({ perplexity }) => formatPerplexity(perplexity) },
  { title: "Lower by", numeric: true, cell: ({ gain }) => (gain === null ? "–" : formatPercent(gain)) },
  { title: "Proposed by", cell: ({ origin }) => (origin === null ? "–" : origins[origin]) },
];
