import { formatPercent } from "@espalier/contracts";
import type { Layer } from "./layer-shares.js";
import styles from "./layer-strips.module.css";

/** Kept shares of all layers as bars, the first layer left. */
export const LayerStrips = ({ layers }: { readonly layers: readonly Layer[] }) => (
  <div className={styles.strips}>
    <Strip name="Attention" shares={layers.map(({ kv_groups }) => kv_groups.share)} />
    <Strip name="MLP" shares={layers.map(({ channels }) => channels.share)} />
  </div>
);

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
