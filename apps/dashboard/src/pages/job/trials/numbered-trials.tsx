import { useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { useApi } from "../../../api/api-context.js";
import { lastTrialQuery, numberedTrialsQuery, TRIALS_PER_WINDOW } from "../../../api/trial-queries.js";
import { Loaded } from "../../../ui/loaded.js";
import { useSettled } from "../../../ui/use-settled.js";
import { VirtualTable } from "../../../ui/virtual-table.js";
import { NoTrials } from "./no-trials.js";
import { type ListedTrial, trialRowColumns } from "./trial-row-columns.js";

/** What is scrolled past in less is not asked for. */
const SETTLED_MS = 70;
const HEIGHT = 400;

interface NumberedTrialsProps {
  readonly id: string;
  readonly at: number | undefined;
}

/** All trials by number: any of a million is one request away. */
export function NumberedTrials({ id, at }: NumberedTrialsProps) {
  const { client } = useApi();
  const last = useQuery(lastTrialQuery(client, id));
  return (
    <Loaded query={last} height={HEIGHT}>
      {(number) => (number === undefined ? <NoTrials /> : <Windows id={id} rows={number + 1} at={at} />)}
    </Loaded>
  );
}

function Windows({ id, rows, at }: NumberedTrialsProps & { readonly rows: number }) {
  const { client } = useApi();
  const cache = useQueryClient();
  const [view, setView] = useState({ first: 0, last: 0 });
  const { first, last } = useSettled(view, SETTLED_MS);
  const windows = [...new Set([first, last].map((index) => Math.floor(index / TRIALS_PER_WINDOW)))];
  useQueries({ queries: windows.map((window) => numberedTrialsQuery(client, id, window)) });
  const onView = useCallback((from: number, to: number) => setView({ first: from, last: to }), []);
  const rowAt = (index: number): ListedTrial | undefined => {
    const window = Math.floor(index / TRIALS_PER_WINDOW);
    const found = cache.getQueryData(numberedTrialsQuery(client, id, window).queryKey);
    return found?.data[index - window * TRIALS_PER_WINDOW] as ListedTrial | undefined;
  };
  const columns = useMemo(() => trialRowColumns(id), [id]);
  const goTo = useMemo(() => (at === undefined ? undefined : { row: at }), [at]);
  return (
    <VirtualTable caption="Trials by number" columns={columns} rows={rows} rowAt={rowAt} onView={onView} goTo={goTo} />
  );
}
