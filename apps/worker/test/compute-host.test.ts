import { fork } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type JobId, type JobSpec, newJobId } from "@espalier/contracts";
import { afterEach, describe, expect, it } from "vitest";
import { type ComputeHost, type ComputeHostOptions, openComputeHost } from "../src/compute/host.js";

const entry = new URL("./support/protocol-child.mjs", import.meta.url);
const jobs = [newJobId(), newJobId()] as const;
// The child of this test reads no spec.
const spec = {} as JobSpec;

const hosts: ComputeHost[] = [];
function open(options: Partial<ComputeHostOptions> = {}): ComputeHost {
  const host = openComputeHost({
    entry,
    settings: {
      modelRoots: [],
      corpusRoots: [],
      hubDir: "/nowhere",
      statisticsDir: tmpdir(),
      provider: "cpu",
      weightPrecision: "full",
      profileMode: "auto",
      threads: 1,
    },
    concurrency: 1,
    rssLimitBytes: 1024 ** 4,
    artifactDir: (id) => join(tmpdir(), id),
    exportDir: (id, name) => join(tmpdir(), id, name),
    ...options,
  });
  hosts.push(host);
  return host;
}
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
});

async function ask(
  host: ComputeHost,
  behaviour: string,
  jobId: JobId = jobs[0],
  signal = new AbortController().signal,
) {
  const outcome = await host.score({ jobId, spec }, { params: { behaviour }, rivalParams: null }, { signal });
  return outcome.state === "completed" ? outcome.score : undefined;
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe("a compute child", () => {
  it("that is killed in the middle of a task gives COMPUTE_LOST, and the next task works in a new one", async () => {
    const host = open();
    const first = await ask(host, "pid");
    const lost = ask(host, "wait");
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.kill(Number(first), "SIGKILL");
    await expect(lost).rejects.toMatchObject({ code: "COMPUTE_LOST", retryable: true });
    const second = await ask(host, "pid");
    expect(second).not.toBe(first);
  });

  it("that exits gives COMPUTE_LOST with its exit code", async () => {
    await expect(ask(open(), "exit")).rejects.toMatchObject({
      code: "COMPUTE_LOST",
      message: expect.stringContaining("7"),
    });
  });

  it("whose heap is full gives COMPUTE_OUT_OF_MEMORY", async () => {
    await expect(ask(open(), "fill the heap")).rejects.toMatchObject({
      code: "COMPUTE_OUT_OF_MEMORY",
      retryable: true,
    });
  });

  it("hands errors over with code and message and stays", async () => {
    const host = open();
    const before = await ask(host, "pid");
    await expect(ask(host, "fail")).rejects.toMatchObject({
      code: "MODEL_WEIGHTS_NOT_FINITE",
      message: "MODEL_WEIGHTS_NOT_FINITE of the child",
    });
    expect(await ask(host, "pid")).toBe(before);
  });

  it("stops a cancelled task, keeps its process, and rejects with the reason", async () => {
    const host = open();
    const before = await ask(host, "pid");
    const abort = new AbortController();
    const cancelled = ask(host, "wait", jobs[0], abort.signal);
    setTimeout(() => abort.abort(new Error("lease lost")), 20);
    await expect(cancelled).rejects.toThrow("lease lost");
    expect(await ask(host, "pid")).toBe(before);
  });

  it("that does not notice a cancel is killed after the grace", async () => {
    const host = open({ killGraceMs: 100 });
    const before = await ask(host, "pid");
    const abort = new AbortController();
    const cancelled = ask(host, "block", jobs[0], abort.signal);
    setTimeout(() => abort.abort(new Error("cancelled")), 20);
    await expect(cancelled).rejects.toThrow("cancelled");
    expect(isAlive(Number(before))).toBe(false);
    expect(await ask(host, "pid")).not.toBe(before);
  });

  it("is not asked when the signal was aborted before", async () => {
    await expect(ask(open(), "pid", jobs[0], AbortSignal.abort(new Error("too late")))).rejects.toThrow("too late");
  });

  it("that holds too much memory after a task is replaced", async () => {
    const host = open({ rssLimitBytes: 1 });
    const first = await ask(host, "pid");
    expect(isAlive(Number(first))).toBe(false);
    expect(await ask(host, "pid")).not.toBe(first);
  });

  it("is chosen again for the job that it has open", async () => {
    const host = open({ concurrency: 2 });
    const [a, b] = await Promise.all([ask(host, "pid", jobs[0]), ask(host, "pid", jobs[1])]);
    expect(a).not.toBe(b);
    expect(await ask(host, "pid", jobs[1])).toBe(b);
    expect(await ask(host, "pid", jobs[0])).toBe(a);
  });

  it("serves tasks that wait, one after the other", async () => {
    const host = open();
    const pids = await Promise.all(["pid", "pid", "pid"].map((behaviour) => ask(host, behaviour)));
    expect(new Set(pids).size).toBe(1);
  });

  it("passes the last report of a stage on, and not every one before it", async () => {
    const reports: number[] = [];
    const context = {
      signal: new AbortController().signal,
      onProgress: ({ done }: { done: number }) => reports.push(done),
    };
    await open().score({ jobId: jobs[0], spec }, { params: { behaviour: "progress" }, rivalParams: null }, context);
    expect(reports).toEqual([0, 4]);
  });
});

describe("the real child", () => {
  it("ends when the process that started it is killed", async () => {
    const folder = await mkdtemp(join(tmpdir(), "espalier-orphan-"));
    const script = join(folder, "parent.mjs");
    const child = new URL("../dist/compute/child.js", import.meta.url);
    await writeFile(
      script,
      `import { fork } from "node:child_process";
       const child = fork(${JSON.stringify(fileURLToPath(child))}, [], {
         serialization: "advanced",
         stdio: ["ignore", "ignore", "ignore", "ipc"],
       });
       // Its answer, a refusal since it was told no settings, shows that it has started.
       child.send({ kind: "run", id: 0, task: { kind: "profile" } });
       child.once("message", () => process.send(child.pid));
       child.once("exit", () => process.exit(1));
       setInterval(() => undefined, 1000);`,
    );
    const parent = fork(script, [], { execArgv: [] });
    const pid = await new Promise<number>((resolve, reject) => {
      parent.once("message", (message) => resolve(Number(message)));
      parent.once("exit", () => reject(new Error("the child ended before it answered")));
    });
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await until(() => !isAlive(pid));
    await rm(folder, { recursive: true });
  });
});
