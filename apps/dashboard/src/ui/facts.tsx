import type { ReactNode } from "react";
import styles from "./facts.module.css";

interface FactsProps {
  /** What has no value is left out. */
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}

/** Names with their values, one a line. */
export const Facts = ({ facts }: FactsProps) => (
  <dl className={styles.facts}>
    {facts
      .filter(([, value]) => value !== null && value !== undefined && value !== false)
      .map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
);
