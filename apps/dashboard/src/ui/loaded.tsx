import { ProblemError } from "@espalier/client";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useApi } from "../api/api-context.js";
import { Button } from "./button.js";
import { Message } from "./message.js";
import { NotInReport } from "./not-in-report.js";
import { Skeleton } from "./skeleton.js";

interface LoadedProps<T> {
  readonly query: UseQueryResult<T>;
  /** Height in pixels of what will be shown. */
  readonly height: number;
  readonly children: (data: T) => ReactNode;
}

/** Draws the four states of something read: being read, failed, shown, and shown while it can no longer be read anew. */
export function Loaded<T>({ query, height, children }: LoadedProps<T>) {
  const { source } = useApi();
  const { data, error, isFetching, refetch, dataUpdatedAt } = query;
  const again = (
    <Button onClick={() => void refetch()} disabled={isFetching}>
      {isFetching ? "Trying…" : "Try again"}
    </Button>
  );
  if (data === undefined) {
    if (error === null) return <Skeleton height={height} />;
    if (source === "report") return <NotInReport />;
    return (
      <Message title="This could not be read" tone="error" actions={again}>
        {describe(error)}
      </Message>
    );
  }
  return (
    <>
      {error !== null && (
        <Message title={`Shown as of ${new Date(dataUpdatedAt).toLocaleTimeString()}`} tone="warning" actions={again}>
          {describe(error)}
        </Message>
      )}
      {children(data)}
    </>
  );
}

/** What an error says to the reader: a problem's own words, else that nothing answers. */
export const describe = (error: Error): string =>
  error instanceof ProblemError
    ? error.message
    : "The service does not answer. It may be restarting; this page keeps trying.";
