import type { Trial } from "@espalier/client";
import { Panel } from "../../../ui/panel.js";
import styles from "./trial-page.module.css";

const DIGITS = 5;

const shown = (value: unknown): string =>
  typeof value === "number" && !Number.isInteger(value) ? value.toPrecision(DIGITS) : String(value);

/** What the sampler chose. */
export function ParametersPanel({ trial: { params, origin } }: { readonly trial: Trial }) {
  const entries = Object.entries(params ?? {}).filter(([, value]) => value !== null);
  return (
    <Panel title="Parameters" hint={origin === "refinement" ? "Of the plan that it refines." : undefined}>
      {entries.length === 0 ? (
        <p className={styles.quiet}>None yet.</p>
      ) : (
        <dl className={styles.parameters}>
          {entries.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{shown(value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}
