import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { holdLease } from "../src/hold-lease.js";

/** Heartbeats every 10 ms. */
const SHORT_LEASE = 0.03;
const WAIT = { timeout: 20_000 };
const never = new AbortController().signal;

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

describe("a held lease", () => {
  it("gives the value, renewed while the work lasts and not after", async () => {
    let renewed = 0;
    const renew = async () => {
      renewed++;
      return true;
    };
    const held = await holdLease({ leaseSeconds: SHORT_LEASE, renew, shutdown: never }, async () => {
      await vi.waitFor(() => expect(renewed).toBeGreaterThan(1), WAIT);
      return 7;
    });
    expect(held).toEqual({ kind: "done", value: 7 });
    const after = renewed;
    await sleep(40);
    expect(renewed).toBe(after);
  });

  it("stops the work when it was lost", async () => {
    const terms = { leaseSeconds: SHORT_LEASE, renew: async () => false, shutdown: never };
    expect(await holdLease(terms, untilAborted)).toEqual({ kind: "lost" });
  });

  it("goes on while the database is away: the epoch guards the result", async () => {
    let tried = 0;
    const renew = () => {
      tried++;
      return Promise.reject(new Error("away"));
    };
    const held = await holdLease({ leaseSeconds: SHORT_LEASE, renew, shutdown: never }, async (signal) => {
      await vi.waitFor(() => expect(tried).toBeGreaterThan(2), WAIT);
      return signal.aborted;
    });
    expect(held).toEqual({ kind: "done", value: false });
  });

  it("stops the work when the process has to stop", async () => {
    const shutdown = AbortSignal.timeout(10);
    const held = await holdLease({ leaseSeconds: 60, renew: async () => true, shutdown }, untilAborted);
    expect(held).toEqual({ kind: "stopped" });
  });

  it("hands an error of the work itself on", async () => {
    const error = new Error("broken");
    const terms = { leaseSeconds: 60, renew: async () => true, shutdown: never };
    expect(await holdLease(terms, () => Promise.reject(error))).toEqual({ kind: "failed", error });
  });
});
