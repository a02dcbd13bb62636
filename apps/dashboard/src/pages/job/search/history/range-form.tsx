import type { FormEvent } from "react";
import type { NumberRange } from "../../../../api/job-queries.js";
import { Button } from "../../../../ui/button.js";
import styles from "./history-view.module.css";

interface RangeFormProps {
  readonly first: number;
  readonly last: number;
  readonly isAll: boolean;
  readonly onRange: (range: NumberRange) => void;
}

/** The zoom of the chart, typed. */
export function RangeForm({ first, last, isAll, onRange }: RangeFormProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    const [from, to] = [Number(typed.get("from")), Number(typed.get("to"))];
    onRange({ from: Math.min(from, to), to: Math.max(from, to) });
  };
  return (
    <form className={styles.range} onSubmit={submit}>
      <label>
        Trials from <input type="number" name="from" min={0} step={1} defaultValue={first} required />
      </label>
      <label>
        to <input type="number" name="to" min={0} step={1} defaultValue={last} required />
      </label>
      <Button type="submit">Show</Button>
      {!isAll && <Button onClick={() => onRange({})}>All trials</Button>}
    </form>
  );
}
