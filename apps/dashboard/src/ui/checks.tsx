import styles from "./checks.module.css";

interface ChecksProps {
  readonly legend: string;
  /** Name in the form's data. */
  readonly name: string;
  readonly values: readonly string[];
  /** Those that are checked at first. */
  readonly checked: readonly string[];
}

/** Any of some values, in a form. */
export const Checks = ({ legend, name, values, checked }: ChecksProps) => (
  <fieldset className={styles.checks}>
    <legend>{legend}</legend>
    {values.map((value) => (
      <label key={value}>
        <input type="checkbox" name={name} value={value} defaultChecked={checked.includes(value)} />
        {value}
      </label>
    ))}
  </fieldset>
);
