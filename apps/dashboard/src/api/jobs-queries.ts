import { type AnswerOf, type ApiClient, dataOf, type JobBody, type QueryOf } from "@espalier/client";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";

/** One page of jobs. */
export const jobsQuery = (client: ApiClient, query: QueryOf<"listJobs">) =>
  queryOptions({
    queryKey: ["jobs", query],
    queryFn: ({ signal }) => dataOf(client.GET("/v1/jobs", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });

/** What a job would cost; refused where the job would be. */
export const estimateQuery = (client: ApiClient, body: JobBody) =>
  queryOptions({
    queryKey: ["estimate", body],
    queryFn: async ({ signal }) =>
      // Calls give tuples as lists.
      (await dataOf(client.POST("/v1/jobs/estimate", { body, signal }))) as AnswerOf<"estimateJob">,
    retry: false,
    staleTime: 30_000,
  });
