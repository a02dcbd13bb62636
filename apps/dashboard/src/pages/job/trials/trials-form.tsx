import { trialStates } from "@espalier/contracts";
import { getRouteApi } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { Button } from "../../../ui/button.js";
import field from "../../../ui/field.module.css";
import styles from "./trials-page.module.css";
import { type TrialSort, type TrialsSearch, trialSorts, trialsSearch } from "./trials-search.js";

const route = getRouteApi("/jobs/$id/trials");

const sortNames: Record<TrialSort, string> = {
  number: "by number",
  "-number": "latest first",
  score: "best first",
  "-score": "worst first",
  duration: "fastest first",
  "-duration": "slowest first",
};

/** Order, filters, and the jump to a number. Choices count at once, numbers with Enter. */
export function TrialsForm({ search }: { readonly search: TrialsSearch }) {
  const navigate = route.useNavigate();
  const go = (form: HTMLFormElement) => {
    const asked = new FormData(form);
    const number = (name: string) => (asked.get(name) === "" ? undefined : Number(asked.get(name)));
    const next = trialsSearch({
      sort: asked.get("sort"),
      state: asked.get("state"),
      below: number("below"),
      at: number("at"),
    });
    // A jump is to a number, so the order is by number, and nothing is left out.
    const jumps = next.at !== undefined && next.at !== search.at;
    const { at: _at, ...rest } = next;
    void navigate({ search: jumps ? { at: next.at } : rest, replace: false, resetScroll: false });
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    go(event.currentTarget);
  };
  return (
    <form
      key={JSON.stringify(search)}
      className={styles.form}
      aria-label="Filter trials"
      onSubmit={submit}
      onChange={({ target, currentTarget }) => {
        if (target instanceof HTMLSelectElement) go(currentTarget);
      }}
    >
      <label className={field.field}>
        Order
        <select name="sort" defaultValue={search.sort ?? "number"}>
          {trialSorts.map((sort) => (
            <option key={sort} value={sort}>
              {sortNames[sort]}
            </option>
          ))}
        </select>
      </label>
      <label className={field.field}>
        State
        <select name="state" defaultValue={search.state ?? ""}>
          <option value="">any</option>
          {trialStates.map((state) => (
            <option key={state}>{state}</option>
          ))}
        </select>
      </label>
      <label className={field.field}>
        Perplexity at most
        <input name="below" type="number" min={0} step="any" defaultValue={search.below} placeholder="any" />
      </label>
      <label className={field.field}>
        Jump to trial
        <input name="at" type="number" min={0} step={1} defaultValue={search.at} placeholder="number" />
      </label>
      <Button type="submit">Show</Button>
    </form>
  );
}
