import { Panel } from "../../../ui/panel.js";
import type { Calibration } from "./calibration-chart.js";
import styles from "./calibration-page.module.css";
import { useCluster } from "./use-cluster.js";

/** How samples of the chosen cluster begin; of each cluster one, until one is chosen. */
export function TextsPanel({ calibration: { clusters } }: { readonly calibration: Calibration }) {
  const [chosen] = useCluster();
  const cluster = chosen === undefined ? undefined : clusters[chosen];
  const texts =
    cluster === undefined
      ? clusters.flatMap(({ texts: [first] }, of) => (first === undefined ? [] : [{ ...first, of }]))
      : cluster.texts.map((text) => ({ ...text, of: chosen }));
  return (
    <Panel
      title={cluster === undefined ? "One sample of each" : `Samples of cluster ${chosen}`}
      hint="Those nearest to the centre. They begin where the window was cut from the text."
    >
      <ul className={styles.texts}>
        {texts.map(({ sample, text, of }) => (
          <li key={sample}>
            <span className={styles.of}>
              {cluster === undefined && `Cluster ${of}, `}sample {sample}
            </span>
            <q>{text.trim()}…</q>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
