import { formatCount, formatPercent, formatPerplexity } from "@espalier/contracts";
import { Link } from "@tanstack/react-router";
import { type Column, DataTable } from "../../../ui/data-table.js";
import { useJob } from "../job-context.js";
import type { ComparedRow, Split } from "./compared-rows.js";
import styles from "./comparison-page.module.css";
import { differenceText, intervalText } from "./difference-text.js";

const signs = { found: "★", baseline: "○", dense: "◆" } as const;
const kinds = { found: "found plan", baseline: "baseline", dense: "dense model" } as const;

function Name({ row: { kind, model } }: { readonly row: ComparedRow }) {
  const { job } = useJob();
  const { trial_number: number, name } = model;
  return (
    <span className={`${styles.name} ${styles[kind]}`}>
      <span aria-hidden="true">{signs[kind]}</span> <span className="visually-hidden">{kinds[kind]}: </span>
      {number === null ? (
        name
      ) : (
        <Link to="/jobs/$id/trials/$number" params={{ id: job.id, number: String(number) }}>
          {name}
        </Link>
      )}
    </span>
  );
}

const columns = (split: Split): readonly Column<ComparedRow>[] => [
  { title: "Model", cell: (row) => <Name row={row} /> },
  { title: `Perplexity, ${split}`, numeric: true, cell: ({ perplexity }) => perplexityText(perplexity) },
  {
    title: "Found plan is",
    numeric: true,
    cell: ({ relative }) => (relative === null ? "–" : differenceText(relative)),
  },
  ...(split === "report"
    ? [
        {
          title: "95 % interval",
          numeric: true,
          cell: ({ interval }: ComparedRow) => (interval === null ? "–" : intervalText(interval)),
        },
        {
          title: "Perplexity, scoring",
          numeric: true,
          cell: ({ model }: ComparedRow) => perplexityText(model.scoring_perplexity),
        },
      ]
    : []),
  { title: "Parameters", numeric: true, cell: ({ model }) => formatCount(model.parameters) },
  { title: "Removed", numeric: true, cell: ({ model }) => formatPercent(model.achieved_sparsity) },
  {
    title: "Repair",
    cell: ({ model }) => <span className={styles.name}>{model.compensation.replaceAll("_", " ")}</span>,
  },
  { title: "Widths", cell: ({ model }) => model.allocation ?? "–" },
];

const perplexityText = (perplexity: number | null): string =>
  perplexity === null ? "∞" : formatPerplexity(perplexity);

/** All models of one sparsity in numbers, the best first. */
export const ComparisonTable = ({ rows, split }: { readonly rows: readonly ComparedRow[]; readonly split: Split }) => (
  <DataTable
    caption={`Models on the ${split} text, the lowest perplexity first`}
    columns={columns(split)}
    rows={rows}
    rowKey={({ kind, model }) => `${kind} ${model.name}`}
  />
);
