import { page, trialQuery, trialView } from "@espalier/contracts";
import { z } from "zod";
import type { ApiDeps } from "../deps.js";
import type { Api } from "../http/api.js";
import { sendResource } from "../http/etag.js";
import { sendPage } from "../http/next-link.js";
import { problemResponse } from "../http/responses.js";
import { jobParams, trialParams } from "./path-parameters.js";

/** List and read trials. */
export function trialRoutes(app: Api, { views }: Pick<ApiDeps, "views">): void {
  app.get(
    "/v1/jobs/:id/trials",
    {
      config: { scope: "jobs:read" },
      schema: {
        tags: ["trials"],
        operationId: "listTrials",
        summary: "List a job's trials",
        params: jobParams,
        querystring: trialQuery,
        response: { 200: page(trialView), ...problemResponse },
      },
    },
    async (request, reply) => sendPage(request, reply, await views.trials(request.params.id, request.query)),
  );

  app.get(
    "/v1/jobs/:id/trials/:number",
    {
      config: { scope: "jobs:read" },
      schema: {
        tags: ["trials"],
        operationId: "getTrial",
        summary: "Read a trial",
        params: trialParams,
        response: {
          200: z.strictObject({ trial: trialView }),
          304: z.undefined().describe("Unchanged"),
          ...problemResponse,
        },
      },
    },
    async (request, reply) => {
      const { id, number } = request.params;
      return sendResource(request, reply, { trial: await views.trial(id, number) });
    },
  );
}
