import type { Status } from "@espalier/client";
import { describe, expect, it } from "vitest";
import { verdictOf } from "../src/pages/health/verdict.js";
import { before, otherVersions, roughly, type Worker } from "../src/pages/health/worker-facts.js";

const worker: Worker = {
  id: "wrk_0192f3a4-5b6c-7d8e-9f01-23456789abd1",
  version: "0.1.0",
  machine: "a processor × 8",
  provider: "cpu",
  threads: 2,
  concurrency: 1,
  in_hand: 0,
  started_at: "2026-01-01T00:00:00.000Z",
  last_seen_at: "2026-01-01T00:00:56.000Z",
  stale: false,
};
const idle = { waiting: 0, active: 0, delayed: 0, oldest_waiting_seconds: null };
const status = (changes: Partial<Status> = {}): Status => ({
  version: "0.1.0",
  node: "20.20.2",
  started_at: "2026-01-01T00:00:00.000Z",
  uptime_seconds: 60,
  checks: { postgres: "ok", queue: "ok", files: "ok" },
  queues: [
    { name: "trial", ...idle },
    { name: "webhook", ...idle },
  ],
  workers: [worker],
  ...changes,
});
const waiting: Status["queues"] = [{ name: "trial", waiting: 3, active: 1, delayed: 0, oldest_waiting_seconds: 4 }];
const silent = { ...worker, stale: true };

describe("the verdict on the service", () => {
  it("says in one sentence that all is right, and what is being done", () => {
    expect(verdictOf(status())).toEqual({
      tone: "good",
      sentence: "Everything is running: 1 worker, nothing waits.",
      concerns: [],
    });
    const busy = status({ queues: waiting, workers: [{ ...worker, in_hand: 1 }, worker] });
    expect(verdictOf(busy).sentence).toBe(
      "Everything is running: 2 workers with 1 piece of work in hand, 3 pieces of work wait.",
    );
  });

  it("is bad where jobs wait without a worker that lives, and says how to start one", () => {
    for (const workers of [[], [silent]]) {
      const verdict = verdictOf(status({ queues: waiting, workers }));
      expect(verdict).toMatchObject({ tone: "bad", sentence: "Jobs wait, and no worker takes them." });
      expect(verdict.concerns[0]?.what).toContain("espalier up");
    }
    expect(verdictOf(status({ workers: [] }))).toMatchObject({ tone: "warn", sentence: "No worker is running." });
  });

  it("lists everything that is not right, the gravest first", () => {
    const checks = { postgres: "ok", queue: "unavailable", files: "unavailable" } as const;
    const old: Status["queues"] = [{ name: "profile", ...idle, waiting: 1, oldest_waiting_seconds: 601 }];
    const workers = [worker, silent, { ...worker, version: "0.0.9" }];
    const titles = (given: Status) => verdictOf(given).concerns.map(({ title }) => title);
    expect(titles(status({ checks, queues: old, workers }))).toEqual([
      "The queue does not answer",
      "The files cannot be reached",
      "One worker has gone silent",
      "Workers run another version than the API",
      "Some work has waited for more than ten minutes",
    ]);
    expect(titles(status({ checks, queues: old, workers: [] }))[0]).toBe("Jobs wait, and no worker takes them");
  });
});

describe("what is said of workers", () => {
  it("is told by the service's clock", () => {
    expect(before(status(), worker.last_seen_at)).toBe("4 s ago");
    expect(before(status(), "2026-01-01T00:01:02.000Z")).toBe("just now");
    expect(roughly(59.9)).toBe("59 s");
    expect(roughly(119)).toBe("1 min");
    expect(roughly(7265)).toBe("2 h 01 min");
  });

  it("names versions other than the API's once, of workers that live", () => {
    const old = { ...worker, version: "0.0.9" };
    expect(otherVersions(status({ workers: [worker, old, old, { ...silent, version: "0.0.8" }] }))).toEqual(["0.0.9"]);
  });
});
