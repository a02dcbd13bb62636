import { getRouteApi } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { Button } from "../../../ui/button.js";
import field from "../../../ui/field.module.css";
import styles from "./trials-form.module.css";

const route = getRouteApi("/jobs/$id/layers");

/** Trials by number: one to look at, another to compare it with. `best`: the one that is shown without a number. */
export function TrialsForm({ best }: { readonly best: number | undefined }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [a, b] = ["a", "b"].map((name) => (form.get(name) === "" ? undefined : Number(form.get(name))));
    const { sparsity } = search;
    void navigate({
      search: {
        ...(a !== undefined && { a }),
        ...(b !== undefined && { b }),
        ...(sparsity !== undefined && { sparsity }),
      },
    });
  };
  return (
    <form key={JSON.stringify(search)} className={styles.form} onSubmit={submit} aria-label="Trials to show">
      <label className={field.field}>
        Trial A
        <input name="a" type="number" min={0} step={1} defaultValue={search.a} placeholder={`best: ${best ?? "…"}`} />
      </label>
      <label className={field.field}>
        Compared with trial B
        <input name="b" type="number" min={0} step={1} defaultValue={search.b} placeholder="none" />
      </label>
      <Button type="submit">Show</Button>
    </form>
  );
}
