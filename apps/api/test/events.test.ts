import { once } from "node:events";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { type EventView, type JobId, jobEventTypes } from "@espalier/contracts";
import type { Views } from "@espalier/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventStream } from "../src/events/event-stream.js";
import { finishJob } from "./support/run-job.js";
import { startService, type TestService } from "./support/service.js";

const stream = { accept: "text/event-stream" };

interface Frame {
  readonly id: number;
  readonly event: string;
}

const framesOf = (text: string): Frame[] =>
  text
    .split("\n\n")
    .filter((part) => part.startsWith("id: "))
    .map((part) => ({ id: Number(/^id: (\d+)$/m.exec(part)?.[1]), event: /^event: (.+)$/m.exec(part)?.[1] ?? "" }));

const from = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe("events", () => {
  let service: TestService;
  let base: string;
  let finished: JobId;
  beforeAll(async () => {
    service = await startService();
    base = await service.app.listen({ host: "127.0.0.1", port: 0 });
    finished = (await service.submit()).id;
    await finishJob(service, finished);
  });
  afterAll(() => service.close());

  const list = async (id: JobId, query = "") =>
    (await service.get(`/v1/jobs/${id}/events${query}`)).json<{
      data: { sequence: number; type: string }[];
      has_more: boolean;
    }>();

  it("are listed after a sequence number, without holes", async () => {
    const { data } = await list(finished);
    expect(data[0]?.type).toBe("job.queued");
    expect(data.map(({ sequence }) => sequence)).toEqual(from(1, data.length));
    expect((await list(finished, "?after=2")).data[0]?.sequence).toBe(3);
    expect(await list(finished, "?limit=2")).toMatchObject({ has_more: true });
  });

  it("are replayed to a client that comes late, then the stream ends", async () => {
    const { data } = await list(finished);
    const response = await service.get(`/v1/jobs/${finished}/events`, stream);
    expect(response.headers["content-type"]).toBe("text/event-stream; charset=utf-8");
    const frames = framesOf(response.body);
    expect(frames.map(({ id }) => id)).toEqual(data.map(({ sequence }) => sequence));
    expect(frames.map(({ event }) => event)).toEqual(expect.arrayContaining(["job.pareto_updated", "job.succeeded"]));
  });

  it("are replayed after Last-Event-ID, which wins over the query", async () => {
    const headers = { ...stream, "last-event-id": "3" };
    const response = await service.get(`/v1/jobs/${finished}/events?after=1`, headers);
    expect(framesOf(response.body)[0]?.id).toBe(4);
    const wrong = await service.get(`/v1/jobs/${finished}/events`, { ...stream, "last-event-id": "x" });
    expect(wrong.statusCode).toBe(400);
  });

  it("end with 204 for a client that has them all", async () => {
    const { data } = await list(finished);
    const headers = { ...stream, "last-event-id": String(data.length) };
    const response = await service.get(`/v1/jobs/${finished}/events`, headers);
    expect(response.statusCode).toBe(204);
  });

  it("are not found for a job that is none", async () => {
    const response = await service.get("/v1/jobs/job_01890a5d-ac96-774b-bcce-b302099a8057/events", stream);
    expect(response.statusCode).toBe(404);
    expect(response.headers["content-type"]).toBe("application/problem+json");
  });

  it("arrive live, with comments in between, until the job ends", async () => {
    const { id } = await service.submit();
    const response = await fetch(`${base}/v1/jobs/${id}/events`, { headers: stream });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const readUntil = async (wanted: string): Promise<void> => {
      while (!text.includes(wanted)) {
        const chunk = await reader?.read();
        if (chunk === undefined || chunk.done) throw new Error(`ended before ${wanted}`);
        text += chunk.value;
      }
    };
    await readUntil("event: job.queued");
    await readUntil(": keep-alive");
    await service.store.jobs.cancel(id);
    await readUntil("event: job.cancelled");
    expect((await reader?.read())?.done).toBe(true);
  });

  it.each(jobEventTypes)("go on after %s, unless it is the job's last", async (type) => {
    const event: EventView = { sequence: 1, type, timestamp: "2026-01-01T00:00:00Z", data: {} };
    const views: Pick<Views, "events"> = { events: async (_id, { after }) => (after === 0 ? [event] : []) };
    const timing = { pollMs: 1, keepAliveMs: 1 };
    const { signal } = new AbortController();
    const frames = eventStream({ views, jobId: finished, after: 0, ended: false, timing, signal });
    const next = async () => (await frames.next()).value as string | undefined;
    expect([await next(), framesOf((await next()) ?? "")]).toEqual(["retry: 2000\n\n", [{ id: 1, event: type }]]);
    expect(await next()).toBe(/^job\.(succeeded|failed|cancelled)$/.test(type) ? undefined : ": keep-alive\n\n");
    await frames.return(undefined);
  });

  it("are read no faster than a slow client takes them", async () => {
    let reads = 0;
    const counted: Pick<Views, "events"> = {
      events: async (_id, { after }) => {
        reads++;
        const event = {
          sequence: after + 1,
          type: "job.progress",
          timestamp: "2026-01-01T00:00:00Z",
          data: {},
        } as const;
        return [event as EventView];
      },
    };
    const { signal } = new AbortController();
    const options = { views: counted, jobId: finished, after: 0, ended: false, signal };
    const slow = Readable.from(eventStream(options));
    await once(slow, "readable");
    await sleep(100);
    expect(reads).toBeLessThanOrEqual(slow.readableHighWaterMark + 1);
    slow.destroy();
  });

  it("streams end when the service shuts down", async () => {
    const other = await startService();
    const address = await other.app.listen({ host: "127.0.0.1", port: 0 });
    const { id } = await other.submit();
    const response = await fetch(`${address}/v1/jobs/${id}/events`, { headers: stream });
    const [text] = await Promise.all([response.text().catch(() => "cut off"), other.close()]);
    expect(text).toBeDefined();
  });
});
