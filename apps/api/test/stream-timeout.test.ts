import type { RouteOptions } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { STREAM_TIMEOUT_MS } from "../src/http/stream-timeout.js";
import { startService, type TestService } from "./support/service.js";

/** Instead of a minute; comments come every 60 ms. */
const HANDLER_TIMEOUT_MS = 250;
const COMMENTS = 12;

const streamed = ["text/event-stream", "text/csv", "application/x-ndjson", "application/octet-stream"];

describe("an answer that goes on for longer than a handler may take", () => {
  let patient: TestService;
  let service: TestService;
  const routes: RouteOptions[] = [];
  beforeAll(async () => {
    patient = await startService();
    const options = { handlerTimeoutMs: HANDLER_TIMEOUT_MS };
    service = await startService({ databaseUrl: patient.databaseUrl }, undefined, options);
    service.app.addHook("onRoute", (route) => void routes.push(route));
    await service.app.ready();
  });
  afterAll(async () => {
    await service?.close();
    await patient?.close();
  });

  it("is not cut while it is a stream of events", async () => {
    const { id } = await patient.submit();
    const url = await service.app.listen({ host: "127.0.0.1", port: 0 });
    const response = await fetch(`${url}/v1/jobs/${id}/events`, { headers: { accept: "text/event-stream" } });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const chunk = await reader?.read();
      if (chunk?.done !== false) break;
      text += chunk.value;
      if (text.split(": keep-alive").length === COMMENTS) await patient.store.jobs.cancel(id);
    }
    expect(text).toContain("event: job.cancelled");
  });

  it("is allowed wherever an answer may be a stream", () => {
    const streams = routes.filter(({ schema }) => {
      const answers = (schema?.response ?? {}) as Readonly<Record<string, { readonly content?: object }>>;
      return Object.keys(answers[200]?.content ?? {}).some((type) => streamed.includes(type));
    });
    expect(new Set(streams.map(({ url }) => url))).toEqual(
      new Set(["/v1/jobs/:id/events", "/v1/jobs/:id/trials", "/v1/jobs/:id/artifacts/*"]),
    );
    for (const { handlerTimeout } of streams) expect(handlerTimeout).toBe(STREAM_TIMEOUT_MS);
  });
});
