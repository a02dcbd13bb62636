import { type ApiClient, dataOf } from "@espalier/client";
import { queryOptions } from "@tanstack/react-query";

const AT_MOST = 200;

/** API keys, revoked ones too. */
export const keysQuery = (client: ApiClient) =>
  queryOptions({
    queryKey: ["api-keys"],
    queryFn: ({ signal }) => dataOf(client.GET("/v1/api-keys", { params: { query: { limit: AT_MOST } }, signal })),
  });
