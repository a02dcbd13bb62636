import { AppError, newJobId } from "@espalier/contracts";
import type { BuildOutcome, ComputePort, ProfileOutcome } from "@espalier/pipeline";
import { describe, expect, it } from "vitest";
import { keepingCompute, statisticsFetcher } from "../src/kept-files.js";

const away = new AppError("SERVICE_UNAVAILABLE", "the store is away");
const task = { jobId: newJobId() } as Parameters<ComputePort["profile"]>[0];
const request = {} as Parameters<ComputePort["build"]>[1];
const file = { name: "native/config.json", sizeBytes: 1, sha256: "00" };

/** Compute that answers at once, and a store that is there or not; both write down what was asked of them. */
function parts(storeIsAway: boolean) {
  const calls: string[] = [];
  const asked = async (call: string) => {
    calls.push(call);
    if (storeIsAway) throw away;
  };
  const compute: ComputePort = {
    profile: async () => ({ statisticsKey: "a key" }) as ProfileOutcome,
    score: () => Promise.reject(new Error("not asked for")),
    build: async () => {
      calls.push("build");
      return { files: [file] } as unknown as BuildOutcome;
    },
  };
  const log = {
    info: () => undefined,
    error: () => undefined,
    warn: ({ event }: object & { event?: unknown }) => calls.push(String(event)),
  };
  const files = {
    ping: () => asked("ping"),
    keepArtifacts: (_: unknown, kept: readonly { name: string }[]) => asked(`keep ${kept[0]?.name}`),
    keepStatistics: (key: string) => asked(`keep ${key}`),
    fetchStatistics: (key: string) => asked(`fetch ${key}`),
  };
  return { calls, files, log, keeping: keepingCompute(compute, files, log) };
}

const context = { signal: new AbortController().signal };

describe("compute whose files are kept", () => {
  it("has kept an export before it is told of", async () => {
    const { calls, keeping } = parts(false);
    expect((await keeping.build(task, request, context)).files).toEqual([file]);
    expect(calls).toEqual(["ping", "build", "keep native/config.json"]);
  });

  it("writes no export that could not be kept", async () => {
    const { calls, keeping } = parts(true);
    await expect(keeping.build(task, request, context)).rejects.toBe(away);
    expect(calls).toEqual(["ping"]);
  });

  it("goes on with statistics of its own while the store is away", async () => {
    const { calls, keeping, files, log } = parts(true);
    expect(await keeping.profile(task, context)).toEqual({ statisticsKey: "a key" });
    await statisticsFetcher(files, log)("a key", context.signal);
    expect(calls).toEqual(["keep a key", "statistics.not_kept", "fetch a key", "statistics.not_fetched"]);
  });

  it("stops when it is told to", async () => {
    const { keeping } = parts(true);
    const stopped = { signal: AbortSignal.abort(new Error("the worker stops")) };
    await expect(keeping.profile(task, stopped)).rejects.toThrow("the worker stops");
  });
});
