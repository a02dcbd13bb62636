import { jobStates } from "@espalier/contracts";
import type { FormEvent } from "react";
import { Button } from "../../ui/button.js";
import field from "../../ui/field.module.css";
import styles from "./jobs-page.module.css";
import { type JobsSearch, jobSorts, jobsSearch } from "./jobs-search.js";

const sortNames: Record<(typeof jobSorts)[number], string> = {
  "-created_at": "newest first",
  created_at: "oldest first",
  "-finished_at": "finished last",
  finished_at: "finished first",
};

interface JobsFilterProps {
  readonly search: JobsSearch;
  readonly onChange: (search: JobsSearch) => void;
}

/** Which jobs are listed. Choices count at once, texts with Enter. */
export function JobsFilter({ search, onChange }: JobsFilterProps) {
  const send = (form: HTMLFormElement) => {
    const asked = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
    onChange(jobsSearch(asked));
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    send(event.currentTarget);
  };
  return (
    <form
      key={JSON.stringify(search)}
      className={styles.filter}
      aria-label="Filter jobs"
      onSubmit={submit}
      onChange={({ target, currentTarget }) => {
        if (target instanceof HTMLSelectElement) send(currentTarget);
      }}
    >
      <label className={field.field}>
        State
        <select name="state" defaultValue={search.state ?? ""}>
          <option value="">any</option>
          {jobStates.map((state) => (
            <option key={state}>{state}</option>
          ))}
        </select>
      </label>
      <label className={field.field}>
        Label
        <input name="label" defaultValue={search.label} placeholder="team:speech" pattern="[^:]+:.*" maxLength={321} />
      </label>
      <label className={field.field}>
        Model
        <input name="model" defaultValue={search.model} placeholder="any" maxLength={1024} />
      </label>
      <label className={field.field}>
        Order
        <select name="sort" defaultValue={search.sort ?? ""}>
          {jobSorts.map((sort) => (
            <option key={sort} value={sort === "-created_at" ? "" : sort}>
              {sortNames[sort]}
            </option>
          ))}
        </select>
      </label>
      <Button type="submit">Filter</Button>
      {Object.keys(search).length > 0 && (
        <Button look="quiet" onClick={() => onChange({})}>
          Show all
        </Button>
      )}
    </form>
  );
}
