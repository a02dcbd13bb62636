import { slicesQuery, slicesView } from "@espalier/contracts";
import { z } from "zod";
import type { ApiDeps } from "../deps.js";
import type { Api } from "../http/api.js";
import { sendResource } from "../http/etag.js";
import { problemResponse } from "../http/responses.js";
import { jobParams } from "./path-parameters.js";

/** Score against one parameter at a time. */
export function slicesRoutes(app: Api, { views }: Pick<ApiDeps, "views">): void {
  app.get(
    "/v1/jobs/:id/slices",
    {
      config: { scope: "jobs:read" },
      schema: {
        tags: ["trials"],
        operationId: "getSlices",
        summary: "Read scores against each parameter",
        params: jobParams,
        querystring: slicesQuery,
        response: { 200: slicesView, 304: z.undefined().describe("Unchanged"), ...problemResponse },
      },
    },
    async (request, reply) => sendResource(request, reply, await views.slices(request.params.id, request.query.points)),
  );
}
