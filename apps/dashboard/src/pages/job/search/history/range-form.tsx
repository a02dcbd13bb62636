import type { FormEvent } from "react";
import type { NumberRange } from "../../../../api/job-queries.js";
import { Button } from "../../../../ui/button.js";
import styles from "./history-view.module.css";

interface RangeFormProps {
  /** What is chosen; absent: from the first, or to the last one. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** The largest number of the job. */
  readonly last: number;
  readonly onRange: (range: NumberRange) => void;
}

/** The zoom of the chart, typed. */
export function RangeForm({ from, to, last, onRange }: RangeFormProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    const [one, other] = [numberOf(typed.get("from")) ?? 0, numberOf(typed.get("to")) ?? last];
    onRange({ from: Math.min(one, other), to: Math.max(one, other) });
  };
  return (
    <form className={styles.range} onSubmit={submit}>
      <label>
        Trials from <input type="number" name="from" min={0} step={1} defaultValue={from} placeholder="0" />
      </label>
      <label>
        to <input type="number" name="to" min={0} step={1} defaultValue={to} placeholder={String(last)} />
      </label>
      <Button type="submit">Show</Button>
      {(from !== undefined || to !== undefined) && <Button onClick={() => onRange({})}>All trials</Button>}
    </form>
  );
}

const numberOf = (typed: FormDataEntryValue | null): number | undefined =>
  typed === null || typed === "" ? undefined : Number(typed);
