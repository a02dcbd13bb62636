import { formatPercent } from "@espalier/contracts";
import { Button } from "../../../ui/button.js";
import { DataTable } from "../../../ui/data-table.js";
import { Panel } from "../../../ui/panel.js";
import type { Calibration, Cluster } from "./calibration-chart.js";
import styles from "./calibration-page.module.css";
import { useCluster } from "./use-cluster.js";

interface Row extends Cluster {
  readonly cluster: number;
}

/** The clusters as a list, easiest text first, with what each counts. */
export function ClustersPanel({ calibration }: { readonly calibration: Calibration }) {
  const [chosen, choose] = useCluster();
  const rows = calibration.clusters.map((one, cluster) => ({ ...one, cluster }));
  const most = Math.max(...rows.map(({ share, weight }) => Math.max(share, weight?.max ?? 0)));
  const columns = [
    {
      title: "Cluster",
      cell: ({ cluster }: Row) => (
        <Button look="quiet" aria-pressed={cluster === chosen} onClick={() => choose(cluster)}>
          {cluster}
        </Button>
      ),
    },
    { title: "Samples", numeric: true, cell: ({ samples }: Row) => samples },
    { title: "Mean loss", numeric: true, cell: ({ mean_nll }: Row) => mean_nll.toFixed(2) },
    { title: "Share", numeric: true, cell: ({ share }: Row) => formatPercent(share) },
    {
      title: "In the best trials",
      cell: ({ share, weight }: Row) => <Counts share={share} weight={weight} most={most} />,
    },
  ];
  return (
    <Panel title="Clusters" hint="Easiest text first. The line marks what each would count if all samples were alike.">
      <DataTable caption="Calibration clusters" columns={columns} rows={rows} rowKey={({ cluster }) => cluster} />
    </Panel>
  );
}

interface CountsProps extends Pick<Cluster, "share" | "weight"> {
  /** Where the bars end. */
  readonly most: number;
}

function Counts({ share, weight, most }: CountsProps) {
  if (weight === null) return "no trial yet";
  const percent = (value: number): string => `${(100 * value) / most}%`;
  return (
    <span className={styles.counts} title={`from ${formatPercent(weight.min)} to ${formatPercent(weight.max)}`}>
      <span className={styles.bar} aria-hidden="true">
        <span className={styles.range} style={{ left: percent(weight.min), width: percent(weight.max - weight.min) }} />
        <span className={styles.mean} style={{ width: percent(weight.mean) }} />
        <span className={styles.alike} style={{ left: percent(share) }} />
      </span>
      {formatPercent(weight.mean)}
    </span>
  );
}
