import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useApi } from "../../../../api/api-context.js";
import { importanceQuery, parallelQuery } from "../../../../api/job-queries.js";
import { Button } from "../../../../ui/button.js";
import { Loaded } from "../../../../ui/loaded.js";
import { useJob } from "../../job-context.js";
import { NoTrialsYet } from "../no-trials-yet.js";
import { byImportance, type Parallel } from "../parallel/parallel-data.js";
import { SlicePanel } from "./slice-panel.js";
import styles from "./slices-view.module.css";

const route = getRouteApi("/jobs/$id/search");

const HEIGHT = 480;

/** Fewer points show nothing. */
const FEWEST = 2;

/** Score against one parameter at a time. */
export function SlicesView() {
  const { job } = useJob();
  const { client } = useApi();
  const query = useQuery(parallelQuery(client, job.id));
  return (
    <Loaded query={query} height={HEIGHT}>
      {(view) => (view.rows.length < FEWEST ? <NoTrialsYet needed={FEWEST} /> : <OneParameter view={view} />)}
    </Loaded>
  );
}

function OneParameter({ view }: { readonly view: Parallel }) {
  const { job } = useJob();
  const { client } = useApi();
  const { parameter: asked } = route.useSearch();
  const navigate = route.useNavigate();
  // Without importances the order is that of the space.
  const importance = useQuery(importanceQuery(client, job.id));
  const ordered = useMemo(
    () => byImportance(view.axes, importance.data?.parameters ?? []),
    [view.axes, importance.data],
  );
  const name = ordered.find((known) => known === asked) ?? ordered[0] ?? "";
  const choose = (parameter: string | undefined) => {
    if (parameter === undefined) return;
    void navigate({ search: (search) => ({ ...search, parameter }), replace: true, resetScroll: false });
  };
  const place = ordered.indexOf(name);
  const [before, after] = [ordered[place - 1], ordered[place + 1]];
  return (
    <>
      <div className={styles.choice}>
        <label>
          <span>Parameter</span>
          <select value={name} onChange={({ target }) => choose(target.value)}>
            {ordered.map((known) => (
              <option key={known}>{known}</option>
            ))}
          </select>
        </label>
        <Button disabled={before === undefined} onClick={() => choose(before)}>
          More important
        </Button>
        <Button disabled={after === undefined} onClick={() => choose(after)}>
          Less important
        </Button>
      </div>
      <SlicePanel view={view} name={name} importance={importance.data} />
    </>
  );
}
