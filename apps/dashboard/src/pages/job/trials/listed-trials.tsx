import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { useApi } from "../../../api/api-context.js";
import { listedTrialsQuery, type TrialFilter } from "../../../api/trial-queries.js";
import { Button } from "../../../ui/button.js";
import { describe } from "../../../ui/loaded.js";
import { Message } from "../../../ui/message.js";
import { NotInReport } from "../../../ui/not-in-report.js";
import { Skeleton } from "../../../ui/skeleton.js";
import { VirtualTable } from "../../../ui/virtual-table.js";
import { type ListedTrial, trialRowColumns } from "./trial-row-columns.js";
import styles from "./trials-page.module.css";

const HEIGHT = 400;
/** Rows before the end of what is there at which more is asked for. */
const AHEAD = 60;

interface ListedTrialsProps {
  readonly id: string;
  readonly filter: TrialFilter;
  /** Trials that the job has settled: more than when the list was read means that it has aged. */
  readonly settled: number;
}

/** Trials in another order or of a filter, read on as they are scrolled. What is read stays where it is. */
export function ListedTrials({ id, filter, settled }: ListedTrialsProps) {
  const { client, source } = useApi();
  const query = useInfiniteQuery(listedTrialsQuery(client, id, filter, settled));
  const { data, error, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage, refetch } = query;
  const trials = useMemo(() => data?.pages.flatMap((page) => page.data as ListedTrial[]) ?? [], [data]);
  const columns = useMemo(() => trialRowColumns(id), [id]);
  const onView = useCallback(
    (_first: number, last: number) => {
      if (last + AHEAD >= trials.length && hasNextPage && !isFetching && !isFetchNextPageError) void fetchNextPage();
    },
    [trials.length, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage],
  );
  if (data === undefined) {
    if (error === null) return <Skeleton height={HEIGHT} />;
    if (source === "report") return <NotInReport />;
    return (
      <Message
        title="The trials could not be read"
        tone="error"
        actions={<Button onClick={() => void refetch()}>Try again</Button>}
      >
        {describe(error)}
      </Message>
    );
  }
  if (trials.length === 0) {
    return (
      <Message title="No trial fits" tone="empty">
        No trial has this state and perplexity. Take a filter away to see more.
      </Message>
    );
  }
  const since = settled - (data.pages[0]?.settled ?? settled);
  return (
    <VirtualTable
      caption="Trials"
      columns={columns}
      rows={trials.length}
      rowAt={(index) => trials[index]}
      onView={onView}
      goTo={undefined}
    >
      <p className={styles.note} role="status">
        {trials.length.toLocaleString("en-US")} trials read{hasNextPage ? "; scroll for more" : ", which are all"}.{" "}
        {since > 0 && (
          <Button look="quiet" disabled={isFetching} onClick={() => void refetch()}>
            {since.toLocaleString("en-US")} trials ended since: read anew
          </Button>
        )}
        {isFetchNextPageError &&
          (source === "report" ? (
            "A report has no more of them."
          ) : (
            <Button look="quiet" onClick={() => void fetchNextPage()}>
              More could not be read: try again
            </Button>
          ))}
      </p>
    </VirtualTable>
  );
}
