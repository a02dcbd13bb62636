import { statusView } from "@espalier/contracts";
import type { ApiDeps } from "../deps.js";
import type { Api } from "../http/api.js";
import { problemResponse } from "../http/responses.js";

/** What the service is doing, for operators. */
export function statusRoutes(app: Api, { readStatus }: Pick<ApiDeps, "readStatus">): void {
  app.get(
    "/v1/status",
    {
      config: { scope: "jobs:read" },
      logLevel: "warn" as const,
      schema: {
        tags: ["service"],
        operationId: "getStatus",
        summary: "What the service is doing: checks, open work, workers",
        response: { 200: statusView, ...problemResponse },
      },
    },
    readStatus,
  );
}
