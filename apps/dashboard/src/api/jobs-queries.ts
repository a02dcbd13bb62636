import { type ApiClient, dataOf, type QueryOf } from "@espalier/client";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";

/** One page of jobs. */
export const jobsQuery = (client: ApiClient, query: QueryOf<"listJobs">) =>
  queryOptions({
    queryKey: ["jobs", query],
    queryFn: ({ signal }) => dataOf(client.GET("/v1/jobs", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
