import { type ApiClient, dataOf, ProblemError } from "@espalier/client";
import { queryOptions } from "@tanstack/react-query";

const REFRESH_MS = 5_000;

/** What the service is doing, asked every five seconds while somebody looks. What was refused is asked then too. */
export const statusQuery = (client: ApiClient) =>
  queryOptions({
    queryKey: ["status"],
    queryFn: ({ signal }) => dataOf(client.GET("/v1/status", { signal })),
    refetchInterval: REFRESH_MS,
    retry: (failures, error) => failures < 1 && !(error instanceof ProblemError),
  });
