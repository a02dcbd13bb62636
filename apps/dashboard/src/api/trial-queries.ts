import { type ApiClient, bestTrialsFirst, dataOf, LISTED_FIELDS, type QueryOf } from "@espalier/client";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { jobKey } from "./job-queries.js";

/** Trials that are read at once. */
export const TRIALS_PER_WINDOW = 100;

/** Windows that nobody looks at are forgotten: a million trials would not fit. */
const FORGET_MS = 30_000;

/** Which trials are listed, and in which order. */
export type TrialFilter = Pick<QueryOf<"listTrials">, "sort" | "state" | "max_score">;

const path = (id: string) => ({ path: { id } });

/** The largest number so far; undefined before the first trial. */
export const lastTrialQuery = (client: ApiClient, id: string) =>
  queryOptions({
    queryKey: [...jobKey(id), "last-trial"],
    queryFn: async ({ signal }) => {
      const query = { sort: "-number", limit: 1, fields: "number" };
      const { data } = await dataOf(client.GET("/v1/jobs/{id}/trials", { params: { ...path(id), query }, signal }));
      return { number: data[0]?.number };
    },
    select: ({ number }) => number,
  });

/** The trials of one window, by number. */
export const numberedTrialsQuery = (client: ApiClient, id: string, window: number) =>
  queryOptions({
    queryKey: [...jobKey(id), "window", window],
    queryFn: ({ signal }) => {
      const first = window * TRIALS_PER_WINDOW;
      const query = {
        min_number: first,
        max_number: first + TRIALS_PER_WINDOW - 1,
        limit: TRIALS_PER_WINDOW,
        fields: LISTED_FIELDS,
      };
      return dataOf(client.GET("/v1/jobs/{id}/trials", { params: { ...path(id), query }, signal }));
    },
    gcTime: FORGET_MS,
  });

/**
 * Trials of a filter, page by page; `settled` is kept beside what was read, to tell its age. Not among what a job's events
 * make stale: rows would move under the reader's eyes.
 */
export const listedTrialsQuery = (client: ApiClient, id: string, filter: TrialFilter, settled: number) =>
  infiniteQueryOptions({
    queryKey: ["listed-trials", id, filter],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam: cursor, signal }) => {
      const query = { ...bestTrialsFirst, ...filter, ...(cursor !== undefined && { cursor }) };
      const page = await dataOf(client.GET("/v1/jobs/{id}/trials", { params: { ...path(id), query }, signal }));
      return { ...page, settled };
    },
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: FORGET_MS,
  });

/** What was told of one trial. */
export const trialEventsQuery = (client: ApiClient, id: string, trial: number) =>
  queryOptions({
    queryKey: [...jobKey(id), "trial-events", trial],
    queryFn: async ({ signal }) =>
      (await dataOf(client.GET("/v1/jobs/{id}/events", { params: { ...path(id), query: { trial } }, signal })))?.data ??
      [],
  });
