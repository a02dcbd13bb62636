import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { useApi } from "../../../../api/api-context.js";
import { importanceQuery, parallelQuery } from "../../../../api/job-queries.js";
import { Loaded } from "../../../../ui/loaded.js";
import { useJob } from "../../job-context.js";
import { NoTrialsYet } from "../no-trials-yet.js";
import type { SearchSearch } from "../search-search.js";
import { AxisChoice } from "./axis-choice.js";
import { MatchingPanel } from "./matching-panel.js";
import { byImportance, matching, type Parallel, shownAxes, shownNames } from "./parallel-data.js";
import { ParallelPanel } from "./parallel-panel.js";

const route = getRouteApi("/jobs/$id/search");

const HEIGHT = 560;

/** Fewer lines show nothing. */
const FEWEST = 2;

/** Parameters and score of many trials at once. */
export function ParallelView() {
  const { job } = useJob();
  const { client } = useApi();
  const query = useQuery(parallelQuery(client, job.id));
  return (
    <Loaded query={query} height={HEIGHT}>
      {(view) => (view.rows.length < FEWEST ? <NoTrialsYet needed={FEWEST} /> : <Views view={view as Parallel} />)}
    </Loaded>
  );
}

const NO_BRUSHES = {};

function Views({ view }: { readonly view: Parallel }) {
  const { job } = useJob();
  const { client } = useApi();
  const { axes: chosen, brush = NO_BRUSHES } = route.useSearch();
  const navigate = route.useNavigate();
  // Without importances the order is that of the space.
  const importance = useQuery(importanceQuery(client, job.id));
  const ordered = useMemo(
    () => byImportance(view.axes, importance.data?.parameters ?? []),
    [view.axes, importance.data],
  );
  const names = shownNames(ordered, chosen);
  const key = JSON.stringify(names);
  const axes = useMemo(() => shownAxes(view, JSON.parse(key)), [view, key]);
  const change = useCallback(
    (search: (before: SearchSearch) => SearchSearch) => void navigate({ search, replace: true, resetScroll: false }),
    [navigate],
  );
  const onBrush = useCallback(
    (axis: string, range: readonly [number, number] | undefined) =>
      change(({ brush: { [axis]: _, ...others } = {}, ...search }) => {
        const brushes = range === undefined ? others : { ...others, [axis]: range };
        return Object.keys(brushes).length === 0 ? search : { ...search, brush: brushes };
      }),
    [change],
  );
  const onTrial = useCallback(
    (number: number) =>
      void navigate({ to: "/jobs/$id/trials/$number", params: { id: job.id, number: String(number) } }),
    [navigate, job.id],
  );
  const found = useMemo(() => matching(view.rows, axes, brush), [view.rows, axes, brush]);
  return (
    <>
      <AxisChoice
        ordered={ordered}
        shown={names}
        onChoose={(wanted) => change(({ axes: _, ...search }) => ({ ...search, ...(wanted && { axes: wanted }) }))}
      />
      <ParallelPanel key={key} view={view} axes={axes} brushes={brush} onBrush={onBrush} onTrial={onTrial} />
      <MatchingPanel view={view} axes={axes} brushes={brush} found={found} onBrush={onBrush} />
    </>
  );
}
