import { createJobAnswer, createJobBody, jobQuery, jobView, page } from "@espalier/contracts";
import { z } from "zod";
import type { ApiDeps } from "../deps.js";
import type { Api } from "../http/api.js";
import { sendResource } from "../http/etag.js";
import { idempotencyClaim } from "../http/idempotency-key.js";
import { sendPage } from "../http/next-link.js";
import { problemResponse } from "../http/responses.js";
import { jobParams } from "./path-parameters.js";

type Deps = Pick<ApiDeps, "views" | "submitJob">;

const submitHeaders = z.looseObject({
  "idempotency-key": z.string().max(1024).optional().describe("Makes a repeated submit harmless; kept for 48 hours"),
});
const jobAnswer = z.strictObject({ job: jobView });

/** Submit, list and read jobs. */
export function jobRoutes(app: Api, { views, submitJob }: Deps): void {
  app.post(
    "/v1/jobs",
    {
      config: { scope: "jobs:write" },
      schema: {
        tags: ["jobs"],
        operationId: "createJob",
        summary: "Submit a job",
        body: createJobBody,
        headers: submitHeaders,
        response: { 202: createJobAnswer.describe("Accepted; follow it at `Location`"), ...problemResponse },
      },
    },
    async (request, reply) => {
      const idempotency = idempotencyClaim(request.headers["idempotency-key"], request.body);
      const { id, replayed, madeSecrets } = await submitJob(request.body, {
        idempotency,
        apiKeyId: request.caller?.keyId,
        requestId: request.id,
      });
      request.log.info({ event: "job.submitted", job_id: id, replayed }, "job submitted");
      const job = await views.job(id);
      reply.code(202).header("location", `/v1/jobs/${id}`);
      if (replayed) reply.header("idempotency-replayed", "true");
      return { job, ...(madeSecrets.length > 0 && { webhook_secrets: [...madeSecrets] }) };
    },
  );

  app.get(
    "/v1/jobs",
    {
      config: { scope: "jobs:read" },
      schema: {
        tags: ["jobs"],
        operationId: "listJobs",
        summary: "List jobs",
        querystring: jobQuery,
        response: { 200: page(jobView), ...problemResponse },
      },
    },
    async (request, reply) => sendPage(request, reply, await views.jobs(request.query)),
  );

  app.get(
    "/v1/jobs/:id",
    {
      config: { scope: "jobs:read" },
      schema: {
        tags: ["jobs"],
        operationId: "getJob",
        summary: "Read a job",
        params: jobParams,
        response: { 200: jobAnswer, 304: z.undefined().describe("Unchanged"), ...problemResponse },
      },
    },
    async (request, reply) => sendResource(request, reply, { job: await views.job(request.params.id) }),
  );
}
