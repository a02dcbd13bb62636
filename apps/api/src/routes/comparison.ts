import { comparisonView } from "@espalier/contracts";
import { z } from "zod";
import type { ApiDeps } from "../deps.js";
import type { Api } from "../http/api.js";
import { sendResource } from "../http/etag.js";
import { problemResponse } from "../http/responses.js";
import { jobParams } from "./path-parameters.js";

/** Dense model, baselines and winners side by side. */
export function comparisonRoutes(app: Api, { views }: Pick<ApiDeps, "views">): void {
  app.get(
    "/v1/jobs/:id/comparison",
    {
      config: { scope: "jobs:read" },
      schema: {
        tags: ["jobs"],
        operationId: "getComparison",
        summary: "Compare baselines and winners on the report split",
        params: jobParams,
        response: { 200: comparisonView, 304: z.undefined().describe("Unchanged"), ...problemResponse },
      },
    },
    async (request, reply) => sendResource(request, reply, await views.comparison(request.params.id)),
  );
}
