import { useId } from "react";
import field from "../../ui/field.module.css";
import type { Schema } from "./body-schema.js";
import { CorpusInput } from "./corpus-input.js";
import type { Field } from "./fields.js";
import type { InputProps } from "./input-props.js";
import { ModelInput } from "./model-input.js";
import { ProfilesInput } from "./profiles-input.js";
import { SchemaInput } from "./schema-input.js";
import { LabelsInput, SparsityInput } from "./text-inputs.js";

interface FieldRowProps {
  readonly field: Field;
  readonly schema: Schema;
  readonly value: unknown;
  /** The body has a list where this field needs an object: only the JSON can change it. */
  readonly isBlocked: boolean;
  readonly problem: string | undefined;
  readonly onValue: (value: unknown) => void;
}

const inputs: Record<Field["kind"], (props: InputProps) => React.ReactNode> = {
  schema: SchemaInput,
  model: ModelInput,
  corpus: CorpusInput,
  sparsity: SparsityInput,
  labels: LabelsInput,
  profiles: ProfilesInput,
};

/** One field: its name, its input, what it means, and what is wrong with it. */
export function FieldRow({ field: { label, kind }, schema, value, isBlocked, problem, onValue }: FieldRowProps) {
  const id = useId();
  const Input = inputs[kind];
  const [hint, error] = [`${id}-hint`, `${id}-error`];
  return (
    <div className={field.field}>
      <label htmlFor={id}>{label}</label>
      {isBlocked ? (
        <input id={id} disabled value="" placeholder="a list: change it in the JSON below" />
      ) : (
        <Input
          id={id}
          schema={schema}
          value={value}
          onValue={onValue}
          describedBy={problem === undefined ? hint : `${error} ${hint}`}
          isInvalid={problem !== undefined}
        />
      )}
      {problem !== undefined && (
        <span id={error} className={field.error}>
          ✕ {problem}
        </span>
      )}
      <span id={hint} className={field.hint}>
        {schema.description}
      </span>
    </div>
  );
}
