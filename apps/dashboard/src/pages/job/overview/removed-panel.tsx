import type { Job } from "@espalier/client";
import { formatPercent } from "@espalier/contracts";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useApi } from "../../../api/api-context.js";
import { layersQuery } from "../../../api/job-queries.js";
import { Loaded } from "../../../ui/loaded.js";
import { Panel } from "../../../ui/panel.js";
import styles from "./removed-panel.module.css";

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
        {({ sparsities }) => {
          const layers = sparsities.find(({ sparsity }) => sparsity === best.sparsity)?.layers ?? [];
          return (
            <div className={styles.strips}>
              <Strip name="Attention" shares={layers.map(({ kv_groups }) => kv_groups.share)} />
              <Strip name="MLP" shares={layers.map(({ channels }) => channels.share)} />
            </div>
          );
        }}
      </Loaded>
    </Panel>
  );
}

function Strip({ name, shares }: { readonly name: string; readonly shares: readonly (number | null)[] }) {
  return (
    <>
      <span className={styles.name}>{name}</span>
      <ol className={styles.strip} aria-label={`${name}: kept share by layer`}>
        {shares.map((share, layer) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a layer is its place
          <li key={layer} title={`Layer ${layer}: ${keptOf(share)}`}>
            <span className={styles.kept} style={{ height: `${100 * (share ?? 0)}%` }} />
            <span className="visually-hidden">{keptOf(share)}</span>
          </li>
        ))}
      </ol>
    </>
  );
}

/** A layer may have had none to begin with. */
const keptOf = (share: number | null): string => (share === null ? "has none" : `${formatPercent(share)} kept`);
