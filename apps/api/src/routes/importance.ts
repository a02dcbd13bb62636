import { importanceQuery, importanceView } from "@espalier/contracts";
import { z } from "zod";
import type { ApiDeps } from "../deps.js";
import type { Api } from "../http/api.js";
import { sendResource } from "../http/etag.js";
import { problemResponse } from "../http/responses.js";
import { jobParams } from "./path-parameters.js";

/** Which parameters decide. */
export function importanceRoutes(app: Api, { views }: Pick<ApiDeps, "views">): void {
  app.get(
    "/v1/jobs/:id/importance",
    {
      config: { scope: "jobs:read" },
      schema: {
        tags: ["trials"],
        operationId: "getImportance",
        summary: "Read how much each parameter decides",
        params: jobParams,
        querystring: importanceQuery,
        response: { 200: importanceView, 304: z.undefined().describe("Unchanged"), ...problemResponse },
      },
    },
    async (request, reply) => sendResource(request, reply, await views.importance(request.params.id, request.query)),
  );
}
