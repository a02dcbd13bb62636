import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { makeApiMetrics, makeWorkerMetrics, mayReadMetrics, serveMetrics } from "../src/index.js";

const jobs = { queued: 2, profiling: 0, searching: 1, paused: 0, exporting: 0, succeeded: 5, failed: 0, cancelled: 0 };
const rows = { jobs, work: { trial: { waiting: 3, oldestSeconds: 7 } }, outboxOldestSeconds: 0 };
const idle = { waiting: 0, active: 0, delayed: 0 };
const messages = { profile: idle, trial: { ...idle, waiting: 4 }, export: idle, webhook: idle, slow_webhook: idle };

describe("the metrics of an API", () => {
  it("have rows and queues as gauges, requests by template, and nothing that grows with ids", async () => {
    const metrics = makeApiMetrics({ rows: async () => rows, messages: async () => messages });
    metrics.requestAnswered({ method: "GET", route: "/v1/jobs/:id", status: 200, seconds: 0.02 });
    metrics.requestAnswered({ method: "PROPFIND", route: undefined, status: 404, seconds: 0.02 });
    metrics.streamOpened();
    const text = await metrics.text();
    expect(text).toContain('espalier_jobs{state="queued"} 2');
    expect(text).toContain('espalier_waiting_work{queue="trial"} 3');
    expect(text).toContain('espalier_oldest_waiting_seconds{queue="trial"} 7');
    expect(text).toContain('espalier_queue_messages{queue="trial",state="waiting"} 4');
    expect(text).toContain('_count{method="GET",route="/v1/jobs/:id",status="200"} 1');
    expect(text).toContain('_count{method="other",route="none",status="404"} 1');
    expect(text).toContain("espalier_event_streams_open 1");
    expect(text).toContain("espalier_database_up 1");
    expect(text).toContain("process_cpu_seconds_total");
  });

  it("ask the database once however many read at once", async () => {
    let asked = 0;
    const metrics = makeApiMetrics({ rows: async () => ({ ...rows, asked: ++asked }), messages: async () => messages });
    await Promise.all(Array.from({ length: 20 }, () => metrics.text()));
    await metrics.text();
    expect(asked).toBe(1);
  });

  it("say that Postgres and queue are away, and keep no old numbers", async () => {
    const away = () => Promise.reject(new Error("away"));
    const text = await makeApiMetrics({ rows: away, messages: away }).text();
    expect(text).toContain("espalier_database_up 0");
    expect(text).toContain("espalier_queue_up 0");
    expect(text).not.toMatch(/^espalier_(jobs|waiting_work|outbox_oldest_seconds|queue_messages)[ {]/m);
  });
});

describe("the metrics of a worker", () => {
  it("count from 0, so that the first event is a rate", async () => {
    const metrics = makeWorkerMetrics();
    expect(await metrics.text()).toContain('espalier_lease_takeovers_total{kind="export"} 0');
    metrics.trialSettled("pruned");
    metrics.leaseTakenOver("trial");
    metrics.webhookAttempted("failed", 0.2, 3);
    const text = await metrics.text();
    expect(text).toContain('espalier_trials_settled_total{state="pruned"} 1');
    expect(text).toContain('espalier_lease_takeovers_total{kind="trial"} 1');
    expect(text).toContain('espalier_webhook_attempts_total{outcome="failed"} 1');
    expect(text).toContain("espalier_webhook_delay_seconds_sum 3");
  });

  it("are served on a port of their own, to who sends the token", async () => {
    const token = "a-token-of-this-test";
    let ready = false;
    const isReady = () => ready;
    const server = await serveMetrics({ host: "127.0.0.1", port: 0, token, metrics: makeWorkerMetrics(), isReady });
    const url = `http://127.0.0.1:${server.port satisfies AddressInfo["port"]}`;
    try {
      expect((await fetch(`${url}/metrics`)).status).toBe(401);
      const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain("espalier_trials_settled_total");
      expect((await fetch(`${url}/livez`)).status).toBe(200);
      expect((await fetch(`${url}/readyz`)).status).toBe(503);
      ready = true;
      for (const probe of ["livez", "readyz", "startupz"]) expect((await fetch(`${url}/${probe}`)).status).toBe(200);
      expect((await fetch(`${url}/anything`)).status).toBe(404);
    } finally {
      await server.close();
    }
  });
});

describe("who may read metrics", () => {
  it("is this machine without a token, and with one who has it, wherever from", () => {
    const from = (remoteAddress: string, authorization?: string) => ({ remoteAddress, authorization });
    for (const here of ["127.0.0.1", "::1", "::ffff:127.0.0.1"]) {
      expect(mayReadMetrics(undefined, from(here))).toBe(true);
      expect(mayReadMetrics("token", from(here))).toBe(false);
    }
    for (const there of ["10.0.0.1", "::ffff:10.0.0.1", "2001:db8::1", "127.evil"]) {
      expect(mayReadMetrics(undefined, from(there))).toBe(false);
      expect(mayReadMetrics("token", from(there, "Bearer token"))).toBe(true);
      expect(mayReadMetrics("token", from(there, "Bearer other"))).toBe(false);
    }
  });
});
