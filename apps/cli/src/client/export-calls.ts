import type { BodyOf, Export, ApiClient as TypedClient } from "@espalier/client";
import { answered } from "./answered.js";

/** Calls of exports beside a job's own. */
export const exportCalls = (api: TypedClient) => ({
  create: async (id: string, body: BodyOf<"createExport">): Promise<Export> =>
    (await answered(api.POST("/v1/jobs/{id}/artifacts", { params: { path: { id } }, body }))).export,
  get: async (id: string, name: string): Promise<Export | undefined> => {
    const params = { path: { id }, query: { export: name } };
    return (await answered(api.GET("/v1/jobs/{id}/artifacts", { params }))).exports[0];
  },
});
