import { parallelQuery, parallelView } from "@espalier/contracts";
import { z } from "zod";
import type { ApiDeps } from "../deps.js";
import type { Api } from "../http/api.js";
import { sendResource } from "../http/etag.js";
import { problemResponse } from "../http/responses.js";
import { jobParams } from "./path-parameters.js";

/** Parameters and score of trials, side by side. */
export function parallelRoutes(app: Api, { views }: Pick<ApiDeps, "views">): void {
  app.get(
    "/v1/jobs/:id/parallel",
    {
      config: { scope: "jobs:read" },
      schema: {
        tags: ["trials"],
        operationId: "getParallel",
        summary: "Read trials with all their parameters, for parallel coordinates",
        params: jobParams,
        querystring: parallelQuery,
        response: { 200: parallelView, 304: z.undefined().describe("Unchanged"), ...problemResponse },
      },
    },
    async (request, reply) =>
      sendResource(request, reply, await views.parallel(request.params.id, request.query.points)),
  );
}
