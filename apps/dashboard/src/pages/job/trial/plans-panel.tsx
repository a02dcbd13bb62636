import type { Trial } from "@espalier/client";
import { formatPercent } from "@espalier/contracts";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useApi } from "../../../api/api-context.js";
import { layersQuery } from "../../../api/job-queries.js";
import { Loaded } from "../../../ui/loaded.js";
import { Panel } from "../../../ui/panel.js";
import { useJob } from "../job-context.js";
import { LayerStrips } from "../layers/layer-strips.js";
import styles from "./trial-page.module.css";

const HEIGHT = 120;

/** What it keeps of each layer. */
export function PlansPanel({ trial: { number } }: { readonly trial: Trial }) {
  const { job } = useJob();
  const { client } = useApi();
  const query = useQuery(layersQuery(client, job.id, number));
  const best = job.best[0]?.trial_number ?? null;
  return (
    <Panel
      title="Plan"
      hint="Kept share of each layer's attention and MLP; the first layer stands left."
      actions={
        <>
          <Link to="/jobs/$id/layers" params={{ id: job.id }} search={{ a: number }}>
            In detail
          </Link>
          {best !== null && best !== number && (
            <Link to="/jobs/$id/layers" params={{ id: job.id }} search={{ a: number, b: best }}>
              Against the best
            </Link>
          )}
        </>
      }
    >
      <Loaded query={query} height={HEIGHT}>
        {({ sparsities }) =>
          sparsities.map(({ sparsity, layers }) => (
            <div key={sparsity} className={styles.plan}>
              <p className={styles.quiet}>{formatPercent(sparsity)} removed</p>
              <LayerStrips layers={layers} />
            </div>
          ))
        }
      </Loaded>
    </Panel>
  );
}
