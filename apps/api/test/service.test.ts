import { newWorkerId } from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startService, type TestService } from "./support/service.js";

describe("the service without its queue", () => {
  it("still takes jobs, and says that the queue is away", async () => {
    const service = await startService({ redisUrl: "redis://127.0.0.1:9" });
    try {
      const { id } = await service.submit();
      expect((await service.store.reconciliation.dueWork(10)).profile).toEqual([{ jobId: id, epoch: 0 }]);
      const ready = await service.get("/readyz");
      expect(ready.statusCode).toBe(200);
      expect(ready.json().checks).toEqual({ postgres: "ok", queue: "unavailable", files: "ok" });
      const status = (await service.get("/v1/status")).json();
      expect(status.checks).toEqual(ready.json().checks);
      expect(status.queues[0]).toMatchObject({ name: "profile", waiting: 1, active: 0, delayed: 0 });
    } finally {
      await service.close();
    }
  });
});

describe("the service", () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  it("answers probes and tells its version", async () => {
    expect((await service.get("/livez")).json()).toEqual({ status: "ok", checks: {} });
    expect((await service.get("/readyz")).json()).toEqual({
      status: "ok",
      checks: { postgres: "ok", queue: "ok", files: "ok" },
    });
    expect((await service.get("/startupz")).statusCode).toBe(200);
    expect((await service.get("/version")).json()).toMatchObject({ name: "espalier", version: "0.0.0" });
  });

  it("says what waits and which workers are there", async () => {
    const idle = { waiting: 0, active: 0, delayed: 0, oldest_waiting_seconds: null };
    const id = newWorkerId();
    const worker = { machine: "a machine", provider: "cpu", version: "0.0.0", threads: 2, concurrency: 1 };
    await service.store.workers.seen({ id, ...worker, inHand: 1 });
    const status = (await service.get("/v1/status")).json();
    expect(status).toMatchObject({ version: "0.0.0", checks: { postgres: "ok", queue: "ok", files: "ok" } });
    expect(status.queues).toEqual(["profile", "trial", "export", "webhook"].map((name) => ({ name, ...idle })));
    expect(status.workers).toMatchObject([{ id, ...worker, in_hand: 1, stale: false }]);
  });

  it("lists models and corpora", async () => {
    expect((await service.get("/v1/models")).json().data).toMatchObject([
      { name: "stories260K", family: "llama", error: null },
    ]);
    expect((await service.get("/v1/corpora")).json().data).toHaveLength(2);
  });

  it("serves a reference page that asks nobody else for anything", async () => {
    const page = await service.get("/docs/");
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(page.headers["content-security-policy"]).toContain("connect-src 'self'");
    expect((await service.get("/docs/js/scalar.js")).statusCode).toBe(200);
    expect((await service.get("/openapi.json")).json().openapi).toBe("3.1.0");
  });

  it("bounds the time of requests, of handlers and of idle connections", () => {
    const { initialConfig, server } = service.app;
    expect(initialConfig).toMatchObject({ requestTimeout: 30_000, handlerTimeout: 60_000, connectionTimeout: 300_000 });
    expect([server.requestTimeout, server.timeout]).toEqual([30_000, 300_000]);
  });

  it("sends headers that browsers heed", async () => {
    const { headers } = await service.get("/v1/jobs");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(headers["access-control-allow-origin"]).toBeUndefined();
  });
});
