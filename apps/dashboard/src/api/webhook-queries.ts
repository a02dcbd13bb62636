import { type ApiClient, dataOf, type QueryOf } from "@espalier/client";
import { queryOptions } from "@tanstack/react-query";

/** Everything of webhooks begins so. */
export const webhooksKey = ["webhooks"] as const;

const AT_MOST = 200;

/** Endpoints that get events of all jobs. */
export const endpointsQuery = (client: ApiClient) =>
  queryOptions({
    queryKey: [...webhooksKey, "endpoints"],
    queryFn: ({ signal }) =>
      dataOf(client.GET("/v1/webhook-endpoints", { params: { query: { limit: AT_MOST } }, signal })),
  });

/** One endpoint. */
export const endpointQuery = (client: ApiClient, id: string) =>
  queryOptions({
    queryKey: [...webhooksKey, "endpoint", id],
    queryFn: ({ signal }) => dataOf(client.GET("/v1/webhook-endpoints/{id}", { params: { path: { id } }, signal })),
    select: ({ endpoint }) => endpoint,
  });

/** What was sent to an endpoint, latest first. */
export const deliveriesQuery = (client: ApiClient, id: string, query: QueryOf<"listWebhookDeliveries">) =>
  queryOptions({
    queryKey: [...webhooksKey, "deliveries", id, query],
    queryFn: ({ signal }) =>
      dataOf(client.GET("/v1/webhook-endpoints/{id}/deliveries", { params: { path: { id }, query }, signal })),
  });
