import { jobView } from "@espalier/contracts";
import { z } from "zod";
import type { ApiDeps } from "../deps.js";
import type { Api } from "../http/api.js";
import { problemResponse } from "../http/responses.js";
import { jobParams } from "./path-parameters.js";

type Deps = Pick<ApiDeps, "views" | "jobControl">;

const jobAnswer = z.strictObject({ job: jobView });

/** What a job can be told by POST; each may be repeated. */
const moves = {
  cancel: { summary: "Cancel a job", description: "At once; what was found so far is not exported." },
  pause: {
    summary: "Pause a search",
    description: "Nothing new begins, a running trial may end, and the budget's time stands still until `resume`.",
  },
  resume: {
    summary: "Let a paused job go on",
    description: "Also after an export that paused itself: `job.pause.reason` says what to mend first.",
  },
  finish: {
    summary: "End a search now and export the best so far",
    description: "Running trials are dropped. Needs a completed trial, else `JOB_WITHOUT_RESULT`.",
  },
} as const;

/** Cancel, pause, resume, finish and delete jobs. */
export function jobControlRoutes(app: Api, { views, jobControl }: Deps): void {
  for (const name of ["cancel", "pause", "resume", "finish"] as const) {
    app.post(
      `/v1/jobs/:id/${name}`,
      {
        config: { scope: "jobs:write" },
        schema: {
          tags: ["jobs"],
          operationId: `${name}Job`,
          ...moves[name],
          params: jobParams,
          response: { 200: jobAnswer, ...problemResponse },
        },
      },
      async ({ params, log }) => {
        await jobControl[name](params.id);
        log.info({ event: `job.${name}`, job_id: params.id }, "job told");
        return { job: await views.job(params.id) };
      },
    );
  }

  app.delete(
    "/v1/jobs/:id",
    {
      config: { scope: "jobs:write" },
      schema: {
        tags: ["jobs"],
        operationId: "deleteJob",
        summary: "Delete a job that has ended",
        description:
          "With its trials, events, files, and the statistics that no other job has read; they are removed in the " +
          "background. Messages to webhooks of the job that are still due are not sent; registered endpoints get theirs.",
        params: jobParams,
        response: { 204: z.undefined().describe("Deleted"), ...problemResponse },
      },
    },
    async ({ params, log }, reply) => {
      await jobControl.delete(params.id);
      log.info({ event: "job.delete", job_id: params.id }, "job deleted");
      return reply.code(204).send();
    },
  );
}
