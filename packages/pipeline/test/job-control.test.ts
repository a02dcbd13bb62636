import { randomBytes } from "node:crypto";
import { AppError, createJobBody, type JobId, newJobId, type QueueName } from "@espalier/contracts";
import { startTestDatabase } from "@espalier/embedded";
import { openStore, type Store } from "@espalier/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type BuildOutcome,
  makeBuildArtefact,
  makeDeleteJob,
  makeFinishJob,
  makePauseJob,
  makeReconcile,
  makeResumeJob,
  type QueuePort,
} from "../src/index.js";
import { denseModel as dense } from "./support/dense-model.js";

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const built: BuildOutcome = {
  files: [],
  folders: [],
  dense,
  baselines: [],
  best: [],
  improvement: [],
  differences: [],
  textSamples: { samples: [], reason: null },
};

let store: Store;
beforeAll(async () => {
  const { url } = await startTestDatabase();
  store = openStore({ databaseUrl: url, encryptionKey: randomBytes(32) });
});
afterAll(() => store?.close());

/** A queue that remembers what it was given, or is away. */
function queueOf(isAway = false) {
  const delivered: { readonly name: QueueName; readonly payload: object }[] = [];
  const enqueue: QueuePort["enqueue"] = async (name, payload) => {
    if (isAway) throw new AppError("SERVICE_UNAVAILABLE", "the queue is away");
    delivered.push({ name, payload });
  };
  return { delivered, enqueue };
}

async function searchingJob(trials: number): Promise<JobId> {
  const { webhooks: _, ...body } = createJobBody.parse({
    model: { path: "m" },
    calibration: { corpus: "c.txt" },
    target: { sparsity: 0.2 },
    search: { trials },
  });
  const split = { corpus: "c.txt", windows: 8, sequence_length: 16, skip_windows: 0 };
  const spec = {
    ...body,
    search: { ...body.search, refinement: 0, racing: false },
    calibration: split,
    scoring: [{ ...split, weight: 1 }],
    report: split,
    target: { ...body.target, sparsity: [0.2] },
  };
  const { id } = await store.jobs.create({ id: newJobId(), name: null, labels: {}, webhooks: [], spec });
  const claim = await store.jobs.claimStage(id, "profile", "w", 30);
  const plan = { space: [], starts: [], given: [] };
  const outcome = {
    plan,
    neutral: {},
    dense,
    baselines: [],
    profileSeconds: 1,
    statisticsKey: "5".repeat(64),
    calibration: null,
  };
  await store.jobs.settleProfile(id, claim?.epoch ?? -1, outcome);
  return id;
}

async function completeTrial(id: JobId, number: number): Promise<void> {
  const claim = await store.trials.claim(id, number, "w", 30);
  const epoch = claim?.epoch ?? -1;
  await store.trials.propose(id, number, epoch, { params: {}, origin: "sampler", rival: null });
  const result = { sparsity: 0.2, achieved_sparsity: 0.2, parameters: 8, kv_groups: [1], channels: [4] };
  const results = [{ ...result, scoring_perplexity: 7 }];
  await store.trials.settle(id, number, epoch, { state: "completed", score: 2, results, durationSeconds: 1 });
}

const stateOf = async (id: JobId) => (await store.jobs.get(id))?.state;

describe("a paused job", () => {
  it("has what is due delivered when it is resumed, by reconciliation where the queue was away", async () => {
    const id = await searchingJob(3);
    await completeTrial(id, 0);
    await makePauseJob(store)(id);
    const quiet = queueOf();
    await makeReconcile({ reconciliation: store.reconciliation, queue: quiet })();
    expect(quiet.delivered).toEqual([]);

    await makeResumeJob({ jobs: store.jobs, queue: queueOf(true) })(id);
    const trial = { name: "trial", payload: { job_id: id, number: 1 } };
    await makeReconcile({ reconciliation: store.reconciliation, queue: quiet })();
    expect(quiet.delivered).toMatchObject([trial]);

    await makePauseJob(store)(id);
    const direct = queueOf();
    await makeResumeJob({ jobs: store.jobs, queue: direct })(id);
    expect(direct.delivered).toEqual([trial]);
  });

  it("may be told twice, and refuses what its state does not have, naming it", async () => {
    const id = await searchingJob(3);
    const deps = { jobs: store.jobs, queue: queueOf() };
    await makePauseJob(deps)(id);
    await makePauseJob(deps)(id);
    await expect(makeFinishJob(deps)(id)).rejects.toMatchObject({ code: "JOB_WITHOUT_RESULT", status: 409 });
    await expect(makeDeleteJob(deps)(id)).rejects.toThrow(/is paused and cannot be deleted/);
    await makeResumeJob(deps)(id);
    await makeResumeJob(deps)(id);
    const unknown = newJobId();
    for (const move of [makePauseJob, makeResumeJob, makeFinishJob, makeDeleteJob]) {
      await expect(move(deps)(unknown)).rejects.toMatchObject({ code: "JOB_NOT_FOUND" });
    }
  });
});

describe("an export on a full disk", () => {
  it("pauses the job with its reason instead of failing it, and is done once somebody made room", async () => {
    const id = await searchingJob(9);
    await completeTrial(id, 0);
    const queue = queueOf();
    await makeFinishJob({ jobs: store.jobs, queue })(id);
    expect(queue.delivered).toEqual([{ name: "export", payload: { job_id: id } }]);

    let isFull = true;
    const buildArtefact = makeBuildArtefact({
      jobs: store.jobs,
      compute: {
        build: async () => {
          if (isFull) throw new AppError("STORAGE_FULL", "The disk is full.");
          return built;
        },
      },
      worker: { owner: "w", leaseSeconds: 30, shutdown: new AbortController().signal },
      log: silent,
    });
    await buildArtefact({ job_id: id });
    expect(await store.views.job(id)).toMatchObject({
      state: "paused",
      pause: { from: "exporting", reason: { code: "STORAGE_FULL", detail: "The disk is full." } },
    });
    await buildArtefact({ job_id: id });
    expect(await stateOf(id)).toBe("paused");

    isFull = false;
    await makeResumeJob({ jobs: store.jobs, queue })(id);
    expect(queue.delivered).toHaveLength(2);
    await buildArtefact({ job_id: id });
    expect(await stateOf(id)).toBe("succeeded");
  });
});
