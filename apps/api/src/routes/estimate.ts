import { createJobBody, jobEstimate } from "@espalier/contracts";
import type { ApiDeps } from "../deps.js";
import type { Api } from "../http/api.js";
import { problemResponse } from "../http/responses.js";

type Deps = Pick<ApiDeps, "estimateJob">;

/** What a job would cost. */
export function estimateRoutes(app: Api, { estimateJob }: Deps): void {
  app.post(
    "/v1/jobs/estimate",
    {
      config: { scope: "jobs:read" },
      schema: {
        tags: ["jobs"],
        operationId: "estimateJob",
        summary: "Estimate what a job would cost, without submitting it",
        description:
          "Checks and refuses like a submit. Operations and memory are counted from the model's shape, durations from " +
          "what workers of this service measured.",
        body: createJobBody,
        response: { 200: jobEstimate, ...problemResponse },
      },
    },
    ({ body }) => estimateJob(body),
  );
}
