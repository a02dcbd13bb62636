import type { Job } from "@espalier/client";
import { formatPercent } from "@espalier/contracts";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useApi } from "../../../api/api-context.js";
import { layersQuery } from "../../../api/job-queries.js";
import { Loaded } from "../../../ui/loaded.js";
import { Panel } from "../../../ui/panel.js";
import { layersAt } from "../layers/layer-shares.js";
import { LayerStrips } from "../layers/layer-strips.js";

const HEIGHT = 110;

/** What the best plan takes from each layer. */
export function RemovedPanel({ job }: { readonly job: Job }) {
  const { client } = useApi();
  const [best] = job.best;
  const trial = best?.trial_number ?? undefined;
  const query = useQuery({ ...layersQuery(client, job.id, trial), enabled: trial !== undefined });
  if (best === undefined || trial === undefined) return null;
  return (
    <Panel
      title="What it removes"
      hint={`Kept share of each layer's attention and MLP at ${formatPercent(best.sparsity)}; the first layer stands left.`}
      actions={
        <Link to="/jobs/$id/layers" params={{ id: job.id }}>
          All layers
        </Link>
      }
    >
      <Loaded query={query} height={HEIGHT}>
        {(layers) => <LayerStrips layers={layersAt(layers, best.sparsity) ?? []} />}
      </Loaded>
    </Panel>
  );
}
