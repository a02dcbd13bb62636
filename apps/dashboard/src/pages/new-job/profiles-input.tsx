import type { InputProps } from "./input-props.js";
import styles from "./new-job-page.module.css";

const native = "native";

/** For whom files are written; none chosen is the default. */
export function ProfilesInput({ id, schema, value, onValue, describedBy, isInvalid }: InputProps) {
  const names = (schema.items?.enum ?? []).map(String);
  const chosen: readonly unknown[] = Array.isArray(value) ? value : [native];
  const toggle = (name: string, on: boolean) => {
    const next = names.filter((one) => (one === name ? on : chosen.includes(one)));
    onValue(next.length === 0 || (next.length === 1 && next[0] === native) ? undefined : next);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: the label outside names it, as of the other inputs
    <div id={id} role="group" aria-describedby={describedBy} aria-invalid={isInvalid} className={styles.checks}>
      {names.map((name) => (
        <label key={name}>
          <input
            type="checkbox"
            checked={chosen.includes(name)}
            onChange={({ target }) => toggle(name, target.checked)}
          />
          {name}
        </label>
      ))}
    </div>
  );
}
