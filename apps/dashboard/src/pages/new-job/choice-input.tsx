import type { InputProps } from "./input-props.js";

interface ChoiceInputProps extends InputProps {
  /** Undefined while the list is read. */
  readonly choices: readonly { readonly value: string; readonly label: string }[] | undefined;
  /** Says what none of them means. */
  readonly none: string;
}

/** One of what the service has; a value that it does not list stays chosen, for the service to refuse. */
export function ChoiceInput({ id, value, onValue, describedBy, isInvalid, choices, none }: ChoiceInputProps) {
  const chosen = typeof value === "string" ? value : "";
  const isListed = chosen === "" || choices?.some((choice) => choice.value === chosen) === true;
  return (
    <select
      id={id}
      aria-describedby={describedBy}
      aria-invalid={isInvalid}
      value={chosen}
      onChange={({ target }) => onValue(target.value === "" ? undefined : target.value)}
    >
      <option value="">{choices === undefined ? "reading the list…" : none}</option>
      {!isListed && <option>{chosen}</option>}
      {choices?.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}
