import { useState } from "react";
import type { InputProps } from "./input-props.js";
import { labelsOf, labelsText } from "./labels.js";
import { percentsOf, sharesOf } from "./percents.js";

interface ReadTextProps extends InputProps {
  readonly read: (text: string) => unknown;
  readonly write: (value: unknown) => string;
  readonly placeholder: string;
}

/** A text that stands for a value. What is being typed stays as it is until the value changes elsewhere. */
function ReadText({ id, value, onValue, describedBy, isInvalid, read, write, placeholder }: ReadTextProps) {
  const [typed, setTyped] = useState(() => write(value));
  const isSame = JSON.stringify(read(typed)) === JSON.stringify(value);
  return (
    <input
      id={id}
      aria-describedby={describedBy}
      aria-invalid={isInvalid}
      placeholder={placeholder}
      value={isSame ? typed : write(value)}
      onChange={({ target }) => {
        setTyped(target.value);
        onValue(read(target.value));
      }}
    />
  );
}

/** One share or several, in percent. */
export const SparsityInput = (props: InputProps) => (
  <ReadText {...props} read={sharesOf} write={percentsOf} placeholder="20, or 20, 35, 50" />
);

/** Labels as "key: value", separated by commas. */
export const LabelsInput = (props: InputProps) => (
  <ReadText {...props} read={labelsOf} write={labelsText} placeholder="team: speech, kind: nightly" />
);
