import { paretoView } from "@espalier/contracts";
import { z } from "zod";
import type { ApiDeps } from "../deps.js";
import type { Api } from "../http/api.js";
import { sendResource } from "../http/etag.js";
import { problemResponse } from "../http/responses.js";
import { jobParams } from "./path-parameters.js";

/** Smallest and best plans so far. */
export function paretoRoutes(app: Api, { views }: Pick<ApiDeps, "views">): void {
  app.get(
    "/v1/jobs/:id/pareto",
    {
      config: { scope: "jobs:read" },
      schema: {
        tags: ["trials"],
        operationId: "getPareto",
        summary: "Read the Pareto front of parameters and perplexity",
        params: jobParams,
        response: { 200: paretoView, 304: z.undefined().describe("Unchanged"), ...problemResponse },
      },
    },
    async (request, reply) => sendResource(request, reply, await views.pareto(request.params.id)),
  );
}
