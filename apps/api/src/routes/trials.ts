import { Readable } from "node:stream";
import { type JobId, page, partialTrial, type TrialQuery, trialQuery, trialView } from "@espalier/contracts";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import type { ApiDeps } from "../deps.js";
import { trialTable } from "../export/trial-csv.js";
import { ndjson, trialStream } from "../export/trial-stream.js";
import type { Api } from "../http/api.js";
import { sendResource } from "../http/etag.js";
import { sendPage } from "../http/next-link.js";
import { preferredType } from "../http/preferred-type.js";
import { problemResponse } from "../http/responses.js";
import { STREAM_TIMEOUT_MS } from "../http/stream-timeout.js";
import { jobParams, trialParams } from "./path-parameters.js";

const JSON_TYPE = "application/json";
const NDJSON_TYPE = "application/x-ndjson";
const CSV_TYPE = "text/csv";
const listTypes = [JSON_TYPE, NDJSON_TYPE, CSV_TYPE] as const;

const listResponse = {
  description:
    "A page of trials; as `application/x-ndjson` or `text/csv` all trials of the filter, whatever `limit` and `cursor`. " +
    "CSV has a column per field (`fields` names which, in which order), `params.NAME` for each parameter and " +
    "`results.SPARSITY.…` for each sparsity",
  content: {
    [JSON_TYPE]: { schema: z.union([page(trialView), page(partialTrial)]) },
    [NDJSON_TYPE]: { schema: z.string() },
    [CSV_TYPE]: { schema: z.string() },
  },
};

type StreamType = Exclude<(typeof listTypes)[number], typeof JSON_TYPE>;

/** Sends every trial of a filter. Rejects with AppError JOB_NOT_FOUND before anything is sent. */
async function sendAll(
  reply: FastifyReply,
  views: ApiDeps["views"],
  jobId: JobId,
  query: TrialQuery,
  type: StreamType,
): Promise<FastifyReply> {
  const columns = await views.trialColumns(jobId);
  const format = type === CSV_TYPE ? trialTable(columns, query.fields) : ndjson;
  const [charset, ending] = type === CSV_TYPE ? ["; charset=utf-8; header=present", "csv"] : ["", "ndjson"];
  reply.header("content-type", `${type}${charset}`).header("cache-control", "no-store");
  reply.header("content-disposition", `attachment; filename="${jobId}-trials.${ending}"`);
  return reply.send(Readable.from(trialStream(views, jobId, query, format)));
}

/** List, stream and read trials. */
export function trialRoutes(app: Api, { views }: Pick<ApiDeps, "views">): void {
  app.get(
    "/v1/jobs/:id/trials",
    {
      config: { scope: "jobs:read" },
      exposeHeadRoute: false,
      handlerTimeout: STREAM_TIMEOUT_MS,
      schema: {
        tags: ["trials"],
        operationId: "listTrials",
        summary: "List a job's trials, or stream all of them with `Accept: application/x-ndjson` or `text/csv`",
        params: jobParams,
        querystring: trialQuery,
        response: { 200: listResponse, ...problemResponse },
      },
    },
    async (request, reply) => {
      const { params, query } = request;
      const type = preferredType(request.headers.accept, listTypes);
      reply.header("vary", "Accept");
      if (type !== JSON_TYPE) return sendAll(reply, views, params.id, query, type);
      reply.type(JSON_TYPE);
      const read = query.fields === undefined ? views.trials : views.trialFields;
      return sendPage(request, reply, await read(params.id, query));
    },
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
