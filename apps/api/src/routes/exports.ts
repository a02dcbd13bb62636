import { createExportAnswer, createExportBody } from "@espalier/contracts";
import type { ApiDeps } from "../deps.js";
import type { Api } from "../http/api.js";
import { problemResponse } from "../http/responses.js";
import { jobParams } from "./path-parameters.js";

type Deps = Pick<ApiDeps, "views" | "requestExport">;

/** Exports of a finished search, beside its own. */
export function exportRoutes(app: Api, { views, requestExport }: Deps): void {
  app.post(
    "/v1/jobs/:id/artifacts",
    {
      config: { scope: "jobs:write" },
      schema: {
        tags: ["artifacts"],
        operationId: "createExport",
        summary: "Export another trial, sparsity or profile of a job that succeeded",
        description:
          "The same one is made once: asking again finds it, and tries again where it failed. `Location` lists its " +
          "folder and files; `artifact.ready` tells that they are there. The job's state stays as it is.",
        params: jobParams,
        body: createExportBody,
        response: {
          200: createExportAnswer.describe("It is there"),
          202: createExportAnswer.describe("Accepted; follow it at `Location`"),
          ...problemResponse,
        },
      },
    },
    async ({ params: { id }, body, log }, reply) => {
      const { name, pending } = await requestExport(id, body);
      log.info({ event: "artifact.requested", job_id: id, export: name, pending }, "export requested");
      reply.header("location", `/v1/jobs/${id}/artifacts?export=${encodeURIComponent(name)}`);
      return reply.code(pending ? 202 : 200).send({ export: await views.export(id, name) });
    },
  );
}
