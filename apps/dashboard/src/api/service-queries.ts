import { type ApiClient, dataOf, ProblemError } from "@espalier/client";
import { queryOptions } from "@tanstack/react-query";

const POLL_MS = 10_000;
const UNAVAILABLE = 503;

/** Whether the service can work, asked for again and again. */
export const serviceQuery = (client: ApiClient) =>
  queryOptions({
    queryKey: ["readyz"],
    queryFn: ({ signal }) => dataOf(client.GET("/readyz", { signal })),
    refetchInterval: POLL_MS,
    retry: (failures, error) => failures < 1 && !(error instanceof ProblemError && error.status === UNAVAILABLE),
  });

/** Models that a job can name. */
export const modelsQuery = (client: ApiClient) =>
  queryOptions({
    queryKey: ["models"],
    queryFn: ({ signal }) => dataOf(client.GET("/v1/models", { signal })),
    staleTime: POLL_MS,
  });

/** Texts that a job can name. */
export const corporaQuery = (client: ApiClient) =>
  queryOptions({
    queryKey: ["corpora"],
    queryFn: ({ signal }) => dataOf(client.GET("/v1/corpora", { signal })),
    staleTime: POLL_MS,
  });

/** The service's own description: what fields mean and may hold. */
export const openapiQuery = (client: ApiClient) =>
  queryOptions({
    queryKey: ["openapi"],
    queryFn: ({ signal }) => dataOf(client.GET("/openapi.json", { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
