import { randomBytes } from "node:crypto";
import { AppError, createJobBody, type JobId, newJobId, type QueueName } from "@espalier/contracts";
import { startTestDatabase } from "@espalier/embedded";
import { openStore, type Store } from "@espalier/store";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ComputePort, makeRunTrial, type Params, type SearchPlan } from "../src/index.js";

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const plan: SearchPlan = {
  space: [{ name: "x", type: "float", low: 0, high: 1 }],
  starts: [{ x: 0.5 }],
  given: [{ params: { x: 0.1 }, score: 3 }],
};
const evaluated = {
  name: "dense",
  sparsity: 0,
  achieved_sparsity: 0,
  parameters: 10,
  scoring_perplexity: 5,
  report_perplexity: null,
  compensation: "none" as const,
  allocation: null,
  trial_number: null,
};

let store: Store;
beforeAll(async () => {
  const { url } = await startTestDatabase();
  store = openStore({ databaseUrl: url, encryptionKey: randomBytes(32) });
});
afterAll(() => store?.close());

/** A message wakes a worker for whatever is due: no test leaves work behind. */
const begun: JobId[] = [];
afterEach(async () => {
  for (const id of begun.splice(0)) await store.jobs.cancel(id);
});

async function searchingJob(trials: number, racing = false, parallelism = 1): Promise<JobId> {
  const { webhooks: _, ...body } = createJobBody.parse({
    model: { path: "m" },
    calibration: { corpus: "c.txt" },
    target: { sparsity: 0.2 },
    search: { trials, seed: 3, racing, parallelism },
  });
  const split = { corpus: "c.txt", windows: 8, sequence_length: 16, skip_windows: 0 };
  const { id } = await store.jobs.create({
    id: newJobId(),
    name: null,
    labels: {},
    webhooks: [],
    spec: {
      ...body,
      search: { ...body.search, refinement: 0, racing },
      calibration: split,
      scoring: [{ ...split, weight: 1 }],
      report: split,
      target: { ...body.target, sparsity: [0.2] },
    },
  });
  const claim = await store.jobs.claimStage(id, "profile", "w", 30);
  const outcome = {
    plan,
    neutral: {},
    dense: evaluated,
    baselines: [],
    profileSeconds: 1,
    statisticsKey: "5".repeat(64),
    calibration: null,
  };
  await store.jobs.settleProfile(id, claim?.epoch ?? -1, outcome);
  begun.push(id);
  return id;
}

/** A quadratic in place of the arithmetic, which lies behind its own port. */
const quadratic: ComputePort["score"] = async (_task, { params: { x } }) => {
  const score = 1 + (Number(x) - 0.3) ** 2;
  const result = { sparsity: 0.2, achieved_sparsity: 0.2, parameters: 8, kv_groups: [1], channels: [4] };
  return {
    state: "completed",
    score,
    results: [{ ...result, scoring_perplexity: Math.exp(score) }],
    durationSeconds: 0.1,
  };
};

function worker(score: ComputePort["score"]) {
  const delivered: { name: QueueName; payload: unknown }[] = [];
  const runTrial = makeRunTrial({
    trials: store.trials,
    compute: { score },
    queue: { enqueue: async (name, payload) => void delivered.push({ name, payload }) },
    worker: { owner: "w", leaseSeconds: 30, shutdown: new AbortController().signal },
    log: silent,
  });
  return { runTrial, delivered };
}

async function paramsOf(id: JobId): Promise<readonly (Params | null)[]> {
  return (await store.jobs.trialLog(id)).map(({ params }) => params);
}

const pruned = {
  state: "pruned" as const,
  partialScore: 2,
  windowsSeen: 16,
  scoredShare: 0.25,
  results: [],
  durationSeconds: 0.1,
};

describe("running trials", () => {
  it("takes the informed start first, then the sampler's proposals, the same in every run", async () => {
    const runs = await Promise.all(
      [1, 2].map(async () => {
        const id = await searchingJob(6);
        const { runTrial, delivered } = worker(quadratic);
        for (let number = 0; number < 6; number++) await runTrial({ job_id: id, number });
        expect(delivered.at(-1)).toEqual({ name: "export", payload: { job_id: id } });
        return paramsOf(id);
      }),
    );
    expect(runs[0]).toHaveLength(6);
    expect(runs[0]?.[0]).toEqual({ x: 0.5 });
    expect(runs[1]).toEqual(runs[0]);
  });

  it("accepts one result however often its message arrives", async () => {
    const id = await searchingJob(1);
    let scored = 0;
    const { runTrial } = worker((task, candidate, context) => {
      scored++;
      return quadratic(task, candidate, context);
    });
    await Promise.all([1, 2, 3].map(() => runTrial({ job_id: id, number: 0 })));
    await runTrial({ job_id: id, number: 0 });
    expect(scored).toBe(1);
  });

  it("keeps the proposal through retryable failures and gives up at the third", async () => {
    const id = await searchingJob(1);
    const seen: Params[] = [];
    const { runTrial } = worker(async (_task, { params }) => {
      seen.push(params);
      throw new AppError("COMPUTE_LOST", "the compute process ended");
    });
    for (let i = 0; i < 4; i++) await runTrial({ job_id: id, number: 0 });
    expect(seen).toEqual([{ x: 0.5 }, { x: 0.5 }, { x: 0.5 }]);
    expect((await store.views.trial(id, 0)).state).toBe("failed");
    expect((await store.jobs.get(id))?.state).toBe("failed");
  });

  it("shows clients the message of a known error only", async () => {
    const id = await searchingJob(2);
    const { runTrial } = worker(async () => {
      throw new Error("secret of the machine");
    });
    await runTrial({ job_id: id, number: 0 });
    expect((await store.views.trial(id, 0)).reason).not.toContain("secret");
  });
});

describe("racing trials", () => {
  it("race against the best trial completed before; what was stopped never is a rival or a winner", async () => {
    const id = await searchingJob(5, true);
    const rivals: (Params | null)[] = [];
    const scores = [1.5, 1.2, null, 1.4, 1.3];
    const { runTrial } = worker(async (task, candidate, context) => {
      const score = scores[rivals.length];
      rivals.push(candidate.rivalParams);
      const whole = await quadratic(task, candidate, context);
      return score === null ? pruned : { ...whole, score: score ?? 0 };
    });
    for (let number = 0; number < 5; number++) await runTrial({ job_id: id, number });
    const params = await paramsOf(id);
    expect(rivals).toEqual([null, params[0], params[1], params[1], params[1]]);
    const trial = await store.views.trial(id, 2);
    expect(trial).toMatchObject({ state: "pruned", score: null, rival: 1, partial_score: 2, scored_share: 0.25 });
    expect((await store.views.trial(id, 1)).scored_share).toBe(1);
    const job = await store.views.job(id);
    expect(job.trials).toMatchObject({ completed: 4, pruned: 1, tokens_saved: 0.15 });
    expect((await store.jobs.winners(id)).map(({ trialNumber }) => trialNumber)).not.toContain(2);
  });

  it("keep their rival through a retry, even when a better one has completed meanwhile", async () => {
    const id = await searchingJob(4, true, 2);
    const seen: (Params | null)[] = [];
    const { runTrial } = worker(async (task, candidate, context) => {
      seen.push(candidate.rivalParams);
      if (seen.length === 2) throw new AppError("COMPUTE_LOST", "the compute process ended");
      return { ...(await quadratic(task, candidate, context)), score: 10 - seen.length };
    });
    for (const number of [0, 1, 2, 1, 3]) await runTrial({ job_id: id, number });
    const params = await paramsOf(id);
    expect(seen).toEqual([null, params[0], params[0], params[0], params[1]]);
  });

  it("are not raced unless the job asks for it", async () => {
    const id = await searchingJob(2);
    const { runTrial } = worker(quadratic);
    for (const number of [0, 1]) await runTrial({ job_id: id, number });
    expect((await store.views.trial(id, 1)).rival).toBeNull();
  });
});
