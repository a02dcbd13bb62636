import { Readable } from "node:stream";
import { AppError, eventList, eventQuery, isTerminal, type JobId } from "@espalier/contracts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { ApiDeps } from "../deps.js";
import { eventStream } from "../events/event-stream.js";
import type { Api } from "../http/api.js";
import { problemResponse } from "../http/responses.js";
import { STREAM_TIMEOUT_MS } from "../http/stream-timeout.js";
import { jobParams } from "./path-parameters.js";

type Deps = Pick<ApiDeps, "views" | "stream" | "metrics">;

/** Where a reconnecting client left off: the header wins over the query, as browsers repeat the first URL. */
function startOf(request: FastifyRequest, after: number): number {
  const header = request.headers["last-event-id"];
  if (header === undefined || header === "") return after;
  if (typeof header === "string" && /^\d{1,15}$/.test(header)) return Number(header);
  throw new AppError("BAD_REQUEST", "Last-Event-ID must be the id of an event of this stream.");
}

const wantsStream = (request: FastifyRequest): boolean =>
  request.headers.accept?.toLowerCase().includes("text/event-stream") === true;

/** A job's events: a list, or a stream for clients that ask for `text/event-stream`. */
export function eventRoutes(app: Api, { views, stream: timing, metrics }: Deps): void {
  const closing = new AbortController();
  app.addHook("preClose", async () => closing.abort());

  async function answerStream(request: FastifyRequest, reply: FastifyReply, jobId: JobId, from: number) {
    const after = startOf(request, from);
    const ended = isTerminal((await views.job(jobId)).state);
    if (ended && (await views.events(jobId, { after, limit: 1 })).length === 0) return reply.code(204).send();
    const left = new AbortController();
    request.raw.once("close", () => left.abort());
    const signal = AbortSignal.any([closing.signal, left.signal]);
    reply.header("content-type", "text/event-stream; charset=utf-8").header("cache-control", "no-store");
    reply.header("x-accel-buffering", "no");
    metrics.streamOpened();
    reply.raw.once("close", metrics.streamClosed);
    return reply.send(Readable.from(eventStream({ views, jobId, after, ended, timing, signal })));
  }

  app.get(
    "/v1/jobs/:id/events",
    {
      config: { scope: "jobs:read" },
      exposeHeadRoute: false,
      handlerTimeout: STREAM_TIMEOUT_MS,
      schema: {
        tags: ["events"],
        operationId: "listEvents",
        summary: "List a job's events, or stream them with `Accept: text/event-stream`",
        params: jobParams,
        querystring: eventQuery,
        response: {
          200: {
            description: "Events by sequence number",
            content: { "application/json": { schema: eventList }, "text/event-stream": { schema: z.string() } },
          },
          204: z.undefined().describe("The job has ended and every event was sent: do not reconnect"),
          ...problemResponse,
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { after, limit, trial } = request.query;
      if (wantsStream(request)) return answerStream(request, reply, id, after);
      const found = await views.events(id, { after, limit: limit + 1, trial });
      return { data: found.slice(0, limit), has_more: found.length > limit };
    },
  );
}
