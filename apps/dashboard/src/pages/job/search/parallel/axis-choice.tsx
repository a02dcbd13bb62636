import { Button } from "../../../../ui/button.js";
import styles from "./axis-choice.module.css";

interface AxisChoiceProps {
  /** All parameters, the most important first. */
  readonly ordered: readonly string[];
  readonly shown: readonly string[];
  /** Undefined: the default again. */
  readonly onChoose: (names: readonly string[] | undefined) => void;
}

/** Which parameters have an axis. */
export function AxisChoice({ ordered, shown, onChoose }: AxisChoiceProps) {
  const toggle = (name: string) =>
    onChoose(ordered.filter((known) => (known === name ? !shown.includes(known) : shown.includes(known))));
  return (
    <details className={styles.choice}>
      <summary>
        {shown.length} of {ordered.length} parameters shown, the most important first
      </summary>
      <fieldset className={styles.names}>
        <legend className="visually-hidden">Parameters with an axis</legend>
        {ordered.map((name) => (
          <label key={name}>
            <input
              type="checkbox"
              checked={shown.includes(name)}
              disabled={shown.length === 1 && shown[0] === name}
              onChange={() => toggle(name)}
            />
            {name}
          </label>
        ))}
      </fieldset>
      <div className={styles.actions}>
        <Button onClick={() => onChoose(undefined)}>The most important</Button>
        <Button onClick={() => onChoose(ordered)}>All</Button>
      </div>
    </details>
  );
}
