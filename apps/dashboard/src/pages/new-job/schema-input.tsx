import type { Schema } from "./body-schema.js";
import type { InputProps } from "./input-props.js";

const defaultOf = (schema: Schema): string =>
  schema.default === undefined || schema.default === null ? "default" : `default: ${readable(schema.default)}`;

const readable = (value: unknown): string => (value === true ? "yes" : value === false ? "no" : String(value));

/** A choice, yes or no, a number or a text, as the contract says. */
export function SchemaInput({ id, schema, value, onValue, describedBy, isInvalid }: InputProps) {
  const common = { id, "aria-describedby": describedBy, "aria-invalid": isInvalid };
  const choices = schema.type === "boolean" ? [true, false] : schema.enum;
  if (choices !== undefined) {
    return (
      <select
        {...common}
        value={value === undefined ? "" : String(value)}
        onChange={({ target }) => onValue(choices.find((choice) => String(choice) === target.value))}
      >
        <option value="">{defaultOf(schema)}</option>
        {choices.map((choice) => (
          <option key={String(choice)} value={String(choice)}>
            {readable(choice)}
          </option>
        ))}
      </select>
    );
  }
  const isNumber = schema.type === "integer" || schema.type === "number";
  return (
    <input
      {...common}
      type={isNumber ? "number" : "text"}
      {...(isNumber && { min: schema.minimum, max: schema.maximum, step: schema.type === "integer" ? 1 : "any" })}
      maxLength={schema.maxLength}
      placeholder={schema.default === undefined && !isNumber ? "" : defaultOf(schema)}
      value={value === undefined || value === null ? "" : String(value)}
      onChange={({ target }) =>
        onValue(target.value === "" ? undefined : isNumber ? target.valueAsNumber : target.value)
      }
    />
  );
}
