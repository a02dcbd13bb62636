import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type JobSpec, newJobId } from "@espalier/contracts";
import { openModel } from "@espalier/model";
import type { BuildOutcome, FinishedPiece, ProfileOutcome } from "@espalier/pipeline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ComputeHost, openComputeHost } from "../src/compute/host.js";

// The built child with the real model: run `npx tsc -b apps/worker` first.
const examples = fileURLToPath(new URL("../../../examples", import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), "espalier-compute-"));
const modelRoot = join(dataDir, "models");

const split = (corpus: string, windows: number, skip_windows: number) => ({
  corpus,
  windows,
  sequence_length: 64,
  skip_windows,
});
const spec: JobSpec = {
  model: { path: "stories260K" },
  calibration: split("tinystories-train.txt", 24, 0),
  scoring: [{ ...split("tinystories-valid.txt", 16, 0), weight: 1 }],
  report: split("tinystories-valid.txt", 12, 16),
  target: { sparsity: [0.2], layout: "free", round_to: 1 },
  search: {
    preset: "espalier",
    trials: 2,
    parallelism: 1,
    seed: 3,
    sampler: "tpe",
    refinement: 0,
    racing: false,
    space: {},
  },
  baselines: true,
  compensation: "search",
  recovery: { method: "none" },
  evaluation: { tasks: [] },
  export: { profiles: ["native"] },
  budget: { max_duration_seconds: null, max_compute_seconds: null },
  labels: {},
};
const task = { jobId: newJobId(), spec };
const never = { signal: new AbortController().signal };

let host: ComputeHost;
/** What the child told of how long it took. */
const pieces: ({ readonly jobId: string } & FinishedPiece)[] = [];
let profile: ProfileOutcome;
beforeAll(() => {
  cpSync(join(examples, "models"), modelRoot, { recursive: true });
  host = openComputeHost({
    entry: new URL("../dist/compute/child.js", import.meta.url),
    settings: {
      modelRoots: [modelRoot],
      corpusRoots: [join(examples, "corpora")],
      hubDir: "/nowhere",
      statisticsDir: join(dataDir, "statistics"),
      provider: "cpu",
      weightPrecision: "full",
      profileMode: "auto",
      threads: 1,
    },
    concurrency: 1,
    rssLimitBytes: 1024 ** 4,
    artifactDir: (id) => join(dataDir, "artifacts", id),
    exportDir: (id, name) => join(dataDir, "artifacts", `${id}.exports`, name),
    onMeasured: (jobId, piece) => pieces.push({ jobId, ...piece }),
  });
});
afterAll(async () => {
  await host?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Folders of exports that are not finished. */
function partials(): readonly string[] {
  const artifacts = join(dataDir, "artifacts");
  if (!existsSync(artifacts)) return [];
  return readdirSync(artifacts)
    .filter((name) => name.startsWith("."))
    .map((name) => join(artifacts, name));
}

describe("the real compute child", () => {
  it("stops a profile when it is told to, and the next one goes on", async () => {
    const abort = new AbortController();
    const cancelled = host.profile(task, {
      signal: abort.signal,
      onProgress: () => abort.abort(new Error("job cancelled")),
    });
    await expect(cancelled).rejects.toThrow("job cancelled");

    const stages = new Set<string>();
    profile = await host.profile(task, { ...never, onProgress: ({ stage }) => stages.add(stage) });
    expect(profile.dense.name).toBe("dense");
    expect(profile.baselines.length).toBeGreaterThan(5);
    expect(profile.plan.starts.length).toBeGreaterThan(0);
    expect(stages).toContain("baselines");
    const told = pieces.filter(({ jobId }) => jobId === task.jobId);
    expect(told.map(({ step }) => step)).toEqual(["profile", "baselines"]);
    for (const { operations, seconds, scale } of told) {
      // 260,032 weights, two operations each and attention besides.
      expect(scale).toBeGreaterThan(520_000);
      expect([operations.forward > scale, seconds > 0]).toEqual([true, true]);
    }
  });

  it("measures how fast it computes, but not while it is busy", { timeout: 120_000 }, async () => {
    const [rates, busy] = await Promise.all([host.calibrate(never.signal), host.calibrate(never.signal)]);
    expect(busy).toBeUndefined();
    expect(new Set(rates?.map(({ kind }) => kind))).toEqual(new Set(["forward", "gradients", "algebra"]));
    expect(rates?.every(({ operations, seconds }) => operations > 0 && seconds > 0)).toBe(true);
  });

  it("scores a point the same in a warm and in a new child", async () => {
    const [start] = profile.plan.starts;
    const warm = await host.score(task, { params: start, rivalParams: null }, never);
    for (const pid of host.pids()) process.kill(pid, "SIGKILL");
    while (host.pids().length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const cold = await host.score(task, { params: start, rivalParams: null }, never);
    expect(warm.state).toBe("completed");
    expect({ ...cold, durationSeconds: 0 }).toEqual({ ...warm, durationSeconds: 0 });
  });

  it("races a trial the same whether it knows the rival's losses or has to compute them again", async () => {
    const racing = {
      jobId: newJobId(),
      spec: { ...spec, scoring: [{ ...split("tinystories-valid.txt", 40, 0), weight: 1 }] },
    };
    racing.spec.search = { ...racing.spec.search, racing: true };
    const [start] = profile.plan.starts;
    const hopeless = { params: { ...start, compensation: "none", metric: "magnitude_l2" }, rivalParams: start };
    await host.score(racing, { params: start, rivalParams: null }, never);
    const known = await host.score(racing, hopeless, never);
    for (const pid of host.pids()) process.kill(pid, "SIGKILL");
    while (host.pids().length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const computed = await host.score(racing, hopeless, never);
    expect(known.state).toBe("pruned");
    expect({ ...computed, durationSeconds: 0 }).toEqual({ ...known, durationSeconds: 0 });
  });

  it("builds one more model of a search that is over in a folder of its own, unless the trial is another one by now", async () => {
    const trialNumber = 0;
    const winners = [{ sparsity: 0.2, trialNumber, params: profile.plan.starts[0] }];
    const scored = await host.score(task, { params: profile.plan.starts[0], rivalParams: null }, never);
    const [{ scoring_perplexity: now } = { scoring_perplexity: null }] = "results" in scored ? scored.results : [];
    const name = "trial-0/sparsity-0.2/native";
    const later = (scoringPerplexity: number | null) =>
      host.build(task, { epoch: 1, winners, trials: [], baselines: [], later: { name, scoringPerplexity } }, never);
    await expect(later((now ?? 0) * 1.01)).rejects.toMatchObject({ code: "EXPORT_VERIFICATION_FAILED" });
    const { files, folders } = await later(now);
    expect(folders).toEqual([
      { name, trialNumber, sparsity: 0.2, profile: "native", checks: expect.objectContaining({ runtime: null }) },
    ]);
    expect(files.map((file) => file.name)).toContain(`${name}/model.safetensors`);
    expect(existsSync(join(dataDir, "artifacts", `${task.jobId}.exports`, name, "SHA256SUMS"))).toBe(true);
    expect(existsSync(join(dataDir, "artifacts", task.jobId))).toBe(false);
  });

  it("builds an artefact that loads, the same bytes after a kill in the middle of it", async () => {
    const winners = [{ sparsity: 0.2, trialNumber: 0, params: profile.plan.starts[0] }];
    const trials = [{ number: 0, state: "completed", params: profile.plan.starts[0], score: 1 }];
    let epoch = 0;
    const build = (): Promise<BuildOutcome> =>
      host.build(task, { epoch: ++epoch, winners, trials, baselines: profile.baselines }, never);
    const whole = await build();
    expect((await openModel(join(dataDir, "artifacts", task.jobId, "native"))).parameters).toBe(
      whole.best[0].parameters,
    );
    expect(whole.best[0].report_perplexity).toBeGreaterThan(1);
    expect(whole.improvement).toHaveLength(1);
    expect(whole.differences).toHaveLength(1 + profile.baselines.length);
    expect(whole.textSamples.samples[0].continuations.map(({ model }) => model)).toEqual(["dense", "trial 0"]);

    rmSync(join(dataDir, "artifacts"), { recursive: true });
    const killed = build();
    const half = setInterval(() => {
      if (!partials().some((folder) => existsSync(join(folder, "native/model.safetensors")))) return;
      clearInterval(half);
      for (const pid of host.pids()) process.kill(pid, "SIGKILL");
    }, 1);
    await expect(killed).rejects.toMatchObject({ code: "COMPUTE_LOST" });
    expect(readdirSync(join(dataDir, "artifacts")).filter((name) => !name.startsWith("."))).toEqual([]);
    expect(await build()).toEqual(whole);
    expect(readdirSync(join(dataDir, "artifacts"))).toEqual([task.jobId]);
  });

  it("fails a model with NaN weights by the tensor's name", async () => {
    const broken = join(modelRoot, "broken");
    cpSync(join(modelRoot, "stories260K"), broken, { recursive: true });
    const bytes = readFileSync(join(broken, "model.safetensors"));
    bytes.writeFloatLE(Number.NaN, bytes.length - 4);
    writeFileSync(join(broken, "model.safetensors"), bytes);
    const job = { jobId: newJobId(), spec: { ...spec, model: { path: "broken" } } };
    await expect(host.profile(job, never)).rejects.toMatchObject({
      code: "MODEL_WEIGHTS_NOT_FINITE",
      message: expect.stringContaining("model.norm.weight"),
    });
  });
});
