import { type BodyOf, dataOf } from "@espalier/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useApi } from "./api-context.js";
import { jobKey } from "./job-queries.js";

/** Asks for one more model of a job that succeeded; asking again for one that failed tries again. */
export function useExport(id: string) {
  const { client } = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: BodyOf<"createExport">) =>
      dataOf(client.POST("/v1/jobs/{id}/artifacts", { params: { path: { id } }, body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: jobKey(id) }),
  });
}
