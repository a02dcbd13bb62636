import { formatCount, formatPercent, formatPerplexity } from "@espalier/contracts";
import { Button } from "../../../ui/button.js";
import { DataTable } from "../../../ui/data-table.js";
import { Panel } from "../../../ui/panel.js";
import { type Front, isSame, type Plan } from "./front-chart.js";

interface PlansPanelProps {
  readonly front: Front;
  readonly chosen: Plan | undefined;
  readonly onChoose: (plan: Plan) => void;
}

/** The same plans as a list, to be chosen without a mouse. */
export function PlansPanel({ front: { points, dense }, chosen, onChoose }: PlansPanelProps) {
  const columns = [
    {
      title: "Plan",
      cell: (plan: Plan) => (
        <Button look="quiet" aria-pressed={chosen !== undefined && isSame(plan, chosen)} onClick={() => onChoose(plan)}>
          Trial {plan.trial_number}
        </Button>
      ),
    },
    { title: "Removed", numeric: true, cell: ({ sparsity }: Plan) => formatPercent(sparsity) },
    { title: "Parameters", numeric: true, cell: ({ parameters }: Plan) => formatCount(parameters) },
    {
      title: "Smaller by",
      numeric: true,
      cell: ({ parameters }: Plan) => (dense === null ? "–" : formatPercent(1 - parameters / dense.parameters)),
    },
    {
      title: "Perplexity",
      numeric: true,
      cell: ({ scoring_perplexity }: Plan) => formatPerplexity(scoring_perplexity),
    },
  ];
  return (
    <Panel title="Plans on the front">
      <DataTable
        caption="Plans, smallest first"
        columns={columns}
        rows={points}
        rowKey={({ trial_number, sparsity }) => `${trial_number} ${sparsity}`}
      />
    </Panel>
  );
}
