import { layersQuery, layersView } from "@espalier/contracts";
import { z } from "zod";
import type { ApiDeps } from "../deps.js";
import type { Api } from "../http/api.js";
import { sendResource } from "../http/etag.js";
import { problemResponse } from "../http/responses.js";
import { jobParams } from "./path-parameters.js";

/** Kept share per layer. */
export function layersRoutes(app: Api, { views }: Pick<ApiDeps, "views">): void {
  app.get(
    "/v1/jobs/:id/layers",
    {
      config: { scope: "jobs:read" },
      schema: {
        tags: ["trials"],
        operationId: "getLayers",
        summary: "Read what a trial keeps of each layer",
        params: jobParams,
        querystring: layersQuery,
        response: { 200: layersView, 304: z.undefined().describe("Unchanged"), ...problemResponse },
      },
    },
    async (request, reply) => sendResource(request, reply, await views.layers(request.params.id, request.query.trial)),
  );
}
