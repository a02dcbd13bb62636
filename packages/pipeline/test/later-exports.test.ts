import { randomBytes } from "node:crypto";
import { AppError, createJobBody, type EvaluatedModel, type JobId, newJobId } from "@espalier/contracts";
import { startTestDatabase } from "@espalier/embedded";
import { openStore, type Store } from "@espalier/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type BuildOutcome,
  type BuildRequest,
  makeExportTrial,
  makeReconcile,
  makeRequestExport,
} from "../src/index.js";

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const model = (name: string, trial_number: number | null): EvaluatedModel => ({
  name,
  sparsity: 0.2,
  achieved_sparsity: 0.2,
  parameters: 10,
  scoring_perplexity: 5,
  report_perplexity: null,
  compensation: "none",
  allocation: null,
  trial_number,
});
const checks = {
  files: [{ file: "model.safetensors", loss_difference: 1e-7 }],
  runtime: null,
  results: [],
  missing: "none",
};
const outcomeOf = (trial: number, folder: string): BuildOutcome => ({
  files: [{ name: `${folder}/model.safetensors`, sizeBytes: 8, sha256: "a".repeat(64) }],
  folders: [{ name: folder, trialNumber: trial, sparsity: 0.2, profile: "native", checks }],
  dense: model("dense", null),
  baselines: [],
  best: [model(`trial ${trial}`, trial)],
  improvement: [],
  differences: [],
  textSamples: { samples: [], reason: "none were asked for" },
});

let store: Store;
beforeAll(async () => {
  store = openStore({ databaseUrl: (await startTestDatabase()).url, encryptionKey: randomBytes(32) });
});
afterAll(() => store?.close());

/** Two trials are completed, 1 wins; trial 2 is infeasible. */
async function job(sparsity = [0.2]): Promise<JobId> {
  const { webhooks: _, ...body } = createJobBody.parse({
    model: { path: "m" },
    calibration: { corpus: "c.txt" },
    target: { sparsity: 0.2 },
    search: { trials: 3 },
  });
  const split = { corpus: "c.txt", windows: 8, sequence_length: 16, skip_windows: 0 };
  const spec = {
    ...body,
    search: { ...body.search, refinement: 0, racing: false },
    calibration: split,
    scoring: [{ ...split, weight: 1 }],
    report: split,
    target: { ...body.target, sparsity },
  };
  const { id } = await store.jobs.create({ id: newJobId(), name: null, labels: {}, webhooks: [], spec });
  const claim = await store.jobs.claimStage(id, "profile", "w", 30);
  const plan = { space: [], starts: [], given: [] };
  const dense = model("dense", null);
  const profile = {
    plan,
    neutral: {},
    dense,
    baselines: [],
    profileSeconds: 1,
    statisticsKey: "5".repeat(64),
    calibration: null,
  };
  await store.jobs.settleProfile(id, claim?.epoch ?? -1, profile);
  for (const [number, perplexity] of [8, 7, null].entries()) {
    const trial = await store.trials.claim(id, number, "w", 30);
    const epoch = trial?.epoch ?? -1;
    await store.trials.propose(id, number, epoch, { params: { x: number }, origin: "sampler", rival: null });
    const size = { achieved_sparsity: 0.2, parameters: 8, kv_groups: [1], channels: [4] };
    const results = sparsity.map((at) => ({ sparsity: at, ...size, scoring_perplexity: perplexity }));
    const measured = { results, durationSeconds: 1 };
    await store.trials.settle(
      id,
      number,
      epoch,
      perplexity === null
        ? { state: "infeasible", reason: "no finite perplexity", ...measured }
        : { state: "completed", score: Math.log(perplexity), ...measured },
    );
  }
  return id;
}

async function succeeded(sparsity?: number[]): Promise<JobId> {
  const id = await job(sparsity);
  const build = await store.jobs.claimStage(id, "export", "w", 30);
  await store.jobs.settleExport(id, build?.epoch ?? -1, outcomeOf(1, "native"));
  return id;
}

function queueOf() {
  const delivered: object[] = [];
  return { delivered, enqueue: async (_: string, payload: object) => void delivered.push(payload) };
}

const request = (queue = queueOf()) =>
  makeRequestExport({ exports: store.exports, queue, checkProfile: async () => undefined });

function worker(build: (request: BuildRequest, signal: AbortSignal) => Promise<BuildOutcome>) {
  const stop = new AbortController();
  const identity = { owner: "w", leaseSeconds: 5, shutdown: stop.signal };
  const compute = {
    build: (_: unknown, wanted: BuildRequest, { signal }: { signal: AbortSignal }) => build(wanted, signal),
  };
  return { stop, run: makeExportTrial({ exports: store.exports, compute, worker: identity, log: silent }) };
}

const NAME = "trial-0/sparsity-0.2/native";

describe("asking for an export of a finished search", () => {
  it("names what there is none of, what has not completed, and what the job does not have", async () => {
    const id = await succeeded();
    const several = await succeeded([0.2, 0.5]);
    const ask = request();
    const pointed = (pointer: string) => ({ code: "VALIDATION_FAILED", errors: [{ pointer }] });
    await expect(ask(id, { trial: 99 })).rejects.toMatchObject(pointed("/trial"));
    await expect(ask(id, { trial: 2 })).rejects.toMatchObject({ code: "TRIAL_NOT_COMPLETED", status: 409 });
    await expect(ask(id, { sparsity: 0.3 })).rejects.toMatchObject(pointed("/sparsity"));
    await expect(ask(id, { profile: "uniform" })).rejects.toMatchObject(pointed("/profile"));
    await expect(ask(several, {})).rejects.toMatchObject(pointed("/sparsity"));
    await expect(ask(await job(), {})).rejects.toMatchObject({ code: "JOB_STATE_CONFLICT" });
    await expect(ask(newJobId(), {})).rejects.toMatchObject({ code: "JOB_NOT_FOUND" });
  });

  it("finds the winner's own, and enqueues another one's once it is asked for", async () => {
    const id = await succeeded();
    const queue = queueOf();
    expect(await request(queue)(id, {})).toEqual({ name: "native", pending: false });
    expect(queue.delivered).toEqual([]);
    expect(await request(queue)(id, { trial: 0 })).toEqual({ name: NAME, pending: true });
    expect(queue.delivered).toEqual([{ job_id: id, name: NAME }]);
    const again = queueOf();
    await makeReconcile({ reconciliation: store.reconciliation, queue: again })();
    expect(again.delivered).toContainEqual({ job_id: id, name: NAME, epoch: 0 });
  });
});

describe("an export of a finished search", () => {
  it("builds that trial alone and is ready, once, however often its message comes", async () => {
    const id = await succeeded();
    await request()(id, { trial: 0 });
    const built: BuildRequest[] = [];
    const { run } = worker(async (wanted) => {
      built.push(wanted);
      return outcomeOf(0, NAME);
    });
    await Promise.all([run(id, NAME), run(id, NAME), run(id, NAME)]);
    await run(id, NAME);
    expect(built).toMatchObject([
      { winners: [{ trialNumber: 0, sparsity: 0.2, params: { x: 0 } }], later: { name: NAME, scoringPerplexity: 8 } },
    ]);
    expect(await store.views.export(id, NAME)).toMatchObject({ state: "ready", files: 1, model: { trial_number: 0 } });
  });

  it("is given back by a worker that stops, uncounted, and done by the next", async () => {
    const id = await succeeded();
    await request()(id, { trial: 0 });
    const { stop, run } = worker(async (_, signal) => {
      stop.abort();
      signal.throwIfAborted();
      return outcomeOf(0, NAME);
    });
    await run(id, NAME);
    expect((await store.views.export(id, NAME)).state).toBe("pending");
    await worker(async () => outcomeOf(0, NAME)).run(id, NAME);
    expect((await store.views.export(id, NAME)).state).toBe("ready");
  });

  it.each([
    ["STORAGE_FULL", 1],
    ["EXPORT_VERIFICATION_FAILED", 1],
    ["COMPUTE_LOST", 3],
  ] as const)("fails on %s after %i attempts, and the job stays succeeded", async (code, attempts) => {
    const id = await succeeded();
    await request()(id, { trial: 0 });
    let tried = 0;
    const { run } = worker(() => {
      tried += 1;
      return Promise.reject(new AppError(code, "as the test wants"));
    });
    for (let round = 0; round < 4; round++) await run(id, NAME);
    expect(tried).toBe(attempts);
    expect(await store.views.export(id, NAME)).toMatchObject({ state: "failed", error: { code } });
    expect((await store.jobs.get(id))?.state).toBe("succeeded");
  });

  it("whose job is deleted meanwhile leaves no file listed", async () => {
    const id = await succeeded();
    await request()(id, { trial: 0 });
    const { run } = worker(async () => {
      await store.jobs.delete(id);
      return outcomeOf(0, NAME);
    });
    await run(id, NAME);
    await expect(store.views.artifacts(id)).rejects.toMatchObject({ code: "JOB_NOT_FOUND" });
    expect((await store.reconciliation.dueWork(200)).laterExports.filter(({ jobId }) => jobId === id)).toEqual([]);
  });
});
