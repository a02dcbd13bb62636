import styles from "./legend.module.css";
import type { Palette } from "./palette.js";

export interface LegendItem {
  readonly name: string;
  /** What it looks like in the chart. */
  readonly sign: string;
  readonly color: keyof Palette;
}

/** Says what the signs and colours of a chart mean. */
export const Legend = ({ items }: { readonly items: readonly LegendItem[] }) => (
  <ul className={styles.legend}>
    {items.map(({ name, sign, color }) => (
      <li key={name}>
        <span aria-hidden="true" style={{ color: `var(--${color})` }}>
          {sign}
        </span>{" "}
        {name}
      </li>
    ))}
  </ul>
);
