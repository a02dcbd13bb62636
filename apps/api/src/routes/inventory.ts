import { corpusList, modelList } from "@espalier/contracts";
import type { ApiDeps } from "../deps.js";
import type { Api } from "../http/api.js";
import { problemResponse } from "../http/responses.js";

/** What the configured roots hold. */
export function inventoryRoutes(app: Api, { inventory }: Pick<ApiDeps, "inventory">): void {
  app.get(
    "/v1/models",
    {
      config: { scope: "jobs:read" },
      schema: {
        tags: ["inventory"],
        operationId: "listModels",
        summary: "List models that a job can name",
        response: { 200: modelList, ...problemResponse },
      },
    },
    async () => ({ data: [...(await inventory.listModels())] }),
  );

  app.get(
    "/v1/corpora",
    {
      config: { scope: "jobs:read" },
      schema: {
        tags: ["inventory"],
        operationId: "listCorpora",
        summary: "List texts that a job can name",
        response: { 200: corpusList, ...problemResponse },
      },
    },
    async () => ({ data: [...(await inventory.listCorpora())] }),
  );
}
