import { type AnswerOf, type ApiClient, type Artifact, dataOf } from "@espalier/client";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";

/** Everything of one job begins so: one call makes all of it stale. */
export const jobKey = (id: string) => ["job", id] as const;

const of = (id: string) => ({ path: { id } });

/** What costs the service more than a look at some rows is not read again sooner, however busy the job is. */
const restingFor = (seconds: number) => ({ staleTime: 1000 * seconds, meta: { restMs: 1000 * seconds } });

/** The job itself. */
export const jobQuery = (client: ApiClient, id: string) =>
  queryOptions({
    queryKey: [...jobKey(id), "view"],
    queryFn: ({ signal }) => dataOf(client.GET("/v1/jobs/{id}", { params: of(id), signal })),
    select: ({ job }) => job,
  });

/** Trials of a search between two numbers, both included. */
export interface NumberRange {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Scores by trial, at most `points` of them, of all numbers or of a range. */
export const historyQuery = (client: ApiClient, id: string, points: number, { from, to }: NumberRange = {}) =>
  queryOptions({
    queryKey: [...jobKey(id), "history", points, from, to],
    queryFn: ({ signal }) => {
      const query = {
        points,
        ...(from !== undefined && { min_number: from }),
        ...(to !== undefined && { max_number: to }),
      };
      return dataOf(client.GET("/v1/jobs/{id}/history", { params: { ...of(id), query }, signal }));
    },
    placeholderData: keepPreviousData,
    ...restingFor(2),
  });

/** The Pareto front. */
export const paretoQuery = (client: ApiClient, id: string) =>
  queryOptions({
    queryKey: [...jobKey(id), "pareto"],
    queryFn: ({ signal }) => dataOf(client.GET("/v1/jobs/{id}/pareto", { params: of(id), signal })),
  });

/** How much each parameter matters for being among the best; among the best tenth without a share. */
export const importanceQuery = (client: ApiClient, id: string, quantile?: number) =>
  queryOptions({
    queryKey: [...jobKey(id), "importance", quantile],
    queryFn: ({ signal }) => {
      const query = quantile === undefined ? {} : { quantile };
      return dataOf(client.GET("/v1/jobs/{id}/importance", { params: { ...of(id), query }, signal }));
    },
    placeholderData: keepPreviousData,
    ...restingFor(10),
  });

/** Lines that a chart is drawn with: more of them cannot be told apart, and take longer than a frame. */
const LINES = 600;

/** Trials with all their parameters. */
export const parallelQuery = (client: ApiClient, id: string) =>
  queryOptions({
    queryKey: [...jobKey(id), "parallel"],
    queryFn: ({ signal }) =>
      dataOf(client.GET("/v1/jobs/{id}/parallel", { params: { ...of(id), query: { points: LINES } }, signal })),
    ...restingFor(10),
  });

/** What a trial keeps of each layer; of the best one without a number. */
export const layersQuery = (client: ApiClient, id: string, trial?: number) =>
  queryOptions({
    queryKey: [...jobKey(id), "layers", trial ?? "best"],
    queryFn: ({ signal }) =>
      dataOf(
        client.GET("/v1/jobs/{id}/layers", {
          params: { ...of(id), query: trial === undefined ? {} : { trial } },
          signal,
        }),
      ),
  });

/** Winner, baselines and dense model on the report split. */
export const comparisonQuery = (client: ApiClient, id: string) =>
  queryOptions({
    queryKey: [...jobKey(id), "comparison"],
    queryFn: ({ signal }) => dataOf(client.GET("/v1/jobs/{id}/comparison", { params: of(id), signal })),
  });

/** Trials that run now; a search has few at once. */
export const runningTrialsQuery = (client: ApiClient, id: string) =>
  queryOptions({
    queryKey: [...jobKey(id), "running-trials"],
    queryFn: ({ signal }) => {
      const query = { state: "running", limit: 20, fields: "number,origin,rival,started_at" } as const;
      return dataOf(client.GET("/v1/jobs/{id}/trials", { params: { ...of(id), query }, signal }));
    },
  });

/** One trial. */
export const trialQuery = (client: ApiClient, id: string, number: number) =>
  queryOptions({
    queryKey: [...jobKey(id), "trial", number],
    queryFn: ({ signal }) =>
      dataOf(client.GET("/v1/jobs/{id}/trials/{number}", { params: { path: { id, number } }, signal })),
    select: ({ trial }) => trial,
  });

/** An export that is asked for after the job's end sends its events to no open stream. */
const PENDING_EXPORT_MS = 2000;

/** Models of the job and their files; asked for again while one is being written. */
export const artifactsQuery = (client: ApiClient, id: string) =>
  queryOptions({
    queryKey: [...jobKey(id), "artifacts"],
    queryFn: ({ signal }) => dataOf(client.GET("/v1/jobs/{id}/artifacts", { params: of(id), signal })),
    refetchInterval: ({ state }) =>
      state.data?.exports.some((made) => made.state === "pending") ? PENDING_EXPORT_MS : false,
  });

/** A small file of the job as text; a hash in the key, since another one is another file. */
export const artifactTextQuery = (client: ApiClient, id: string, { name, sha256 }: Artifact) =>
  queryOptions({
    queryKey: [...jobKey(id), "file", name, sha256],
    queryFn: ({ signal }) =>
      dataOf(client.GET("/v1/jobs/{id}/artifacts/{name}", { params: { path: { id, name } }, parseAs: "text", signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Events after a sequence number. */
export const latestEventsQuery = (client: ApiClient, id: string, after: number) =>
  queryOptions({
    queryKey: [...jobKey(id), "events", after],
    queryFn: ({ signal }) =>
      dataOf(client.GET("/v1/jobs/{id}/events", { params: { ...of(id), query: { after, limit: 200 } }, signal })),
  });

/** The calibration samples, and what they count in the best trials. */
export const calibrationQuery = (client: ApiClient, id: string) =>
  queryOptions({
    queryKey: [...jobKey(id), "calibration"],
    queryFn: async ({ signal }) =>
      // Calls give tuples as lists.
      (await dataOf(client.GET("/v1/jobs/{id}/calibration", { params: of(id), signal }))) as AnswerOf<"getCalibration">,
  });
