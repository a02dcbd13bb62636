import { type FormEvent, useId, useState } from "react";
import { Button } from "../../../../ui/button.js";
import type { Brushes } from "../search-search.js";
import styles from "./matching-panel.module.css";
import { choiceText, SCORE, type ShownAxis } from "./parallel-data.js";
import { axisName } from "./parallel-option.js";

interface RangeFormProps {
  readonly axes: readonly ShownAxis[];
  readonly brushes: Brushes;
  readonly onBrush: (axis: string, range: readonly [number, number]) => void;
}

const CHOICE_ROOM = 0.3;

/** A range for one axis, typed. */
export function RangeForm({ axes, brushes, onBrush }: RangeFormProps) {
  const [name, setName] = useState(SCORE);
  const axis = axes.find((known) => known.name === name) ?? axes.at(-1);
  if (axis === undefined) return null;
  const chosen = brushes[axis.name];
  const [low, high] = chosen ?? [axis.low, axis.high];
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    const [from, to] = [placeOf(axis, Number(typed.get("from"))), placeOf(axis, Number(typed.get("to")))];
    // A range of choices shows around their places.
    const room = axis.parameter?.choices ? CHOICE_ROOM : 0;
    onBrush(axis.name, [Math.min(from, to) - room, Math.max(from, to) + room]);
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <label>
        Axis
        <select value={axis.name} onChange={({ target }) => setName(target.value)}>
          {axes.map((known) => (
            <option key={known.name} value={known.name}>
              {axisName(known)}
            </option>
          ))}
        </select>
      </label>
      <Bound key={`from ${axis.name} ${chosen?.[0]}`} axis={axis} title="From" name="from" value={low} />
      <Bound key={`to ${axis.name} ${chosen?.[1]}`} axis={axis} title="To" name="to" value={high} />
      <Button type="submit">Set range</Button>
    </form>
  );
}

interface BoundProps {
  readonly axis: ShownAxis;
  readonly title: string;
  readonly name: string;
  readonly value: number;
}

function Bound({ axis, title, name, value }: BoundProps) {
  const id = useId();
  const choices = axis.parameter?.choices ?? null;
  const typed = Number((axis.parameter === null ? Math.exp(value) : value).toPrecision(5));
  return (
    <div>
      <label htmlFor={id}>{title}</label>
      {choices === null ? (
        <input id={id} type="number" step="any" name={name} defaultValue={typed} required />
      ) : (
        <select id={id} name={name} defaultValue={Math.min(choices.length - 1, Math.max(0, Math.round(value)))}>
          {choices.map((choice, place) => (
            <option key={String(choice)} value={place}>
              {choiceText(choice)}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

/** Where a typed number lies on the axis; the score's is typed as a perplexity. */
const placeOf = ({ parameter }: ShownAxis, typed: number): number =>
  parameter === null ? Math.log(Math.max(typed, Number.MIN_VALUE)) : typed;
