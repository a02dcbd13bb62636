import { type ApiKeyId, type JobId, newApiKeyId } from "@espalier/contracts";
import { afterEach, describe, expect, it } from "vitest";
import { completed, expireStage, newJob, profileOutcome, runTrial, type Wishes } from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();
const made: JobId[] = [];
afterEach(async () => {
  for (const id of made.splice(0)) await store().jobs.cancel(id);
});

/** A key with no use but to own jobs. */
async function key(): Promise<ApiKeyId> {
  const id = newApiKeyId();
  await store().sql("INSERT INTO api_keys (id, name, scopes, secret_hash) VALUES ($1, 'k', '{jobs:write}', $2)", [
    id,
    Buffer.alloc(32),
  ]);
  return id;
}

async function queued(apiKeyId: ApiKeyId | undefined, wishes: Wishes = {}): Promise<JobId> {
  const { id } = await store().jobs.create(newJob(wishes, { apiKeyId }));
  made.push(id);
  return id;
}

async function searching(apiKeyId: ApiKeyId | undefined, wishes: Wishes = {}): Promise<JobId> {
  const id = await queued(apiKeyId, wishes);
  const claim = await store().jobs.claimStage(id, "profile", "w", 30);
  await store().jobs.settleProfile(id, claim?.epoch ?? -1, profileOutcome);
  return id;
}

/** Profiles that a worker begins, woken by messages for the first job. */
async function begins(wished: JobId, count: number): Promise<JobId[]> {
  const { jobs } = store();
  const begun: JobId[] = [];
  for (let i = 0; i < count; i++) {
    const id = await jobs.stageInTurn("profile", wished);
    if (id !== undefined && (await jobs.claimStage(id, "profile", "w", 30))) begun.push(id);
  }
  return begun;
}

describe("turns", () => {
  it("go round the owners, each one's oldest job first, also those without a key", async () => {
    const [a, b] = [await key(), await key()];
    const ofA = [await queued(a), await queued(a), await queued(a)];
    const ofB = [await queued(b), await queued(b)];
    const [ofNobody] = [await queued(undefined)];
    const order = await begins(ofA[0] as JobId, 7);
    expect(new Set(order.slice(0, 3))).toEqual(new Set([ofA[0], ofB[0], ofNobody]));
    expect(new Set(order.slice(3, 5))).toEqual(new Set([ofA[1], ofB[1]]));
    expect(order.slice(5)).toEqual([ofA[2]]);
  });

  it("of one owner alone follow the messages", async () => {
    const a = await key();
    const ofA = [await queued(a), await queued(a), await queued(a)];
    expect(await store().jobs.stageInTurn("profile", ofA[2] as JobId)).toBe(ofA[2]);
    expect(await store().jobs.stageInTurn("profile", ofA[1] as JobId)).toBe(ofA[1]);
  });

  it("give a message whose own work is in hand the oldest that is left", async () => {
    const a = await key();
    const [first, second] = [await queued(a), await queued(a)];
    await store().jobs.claimStage(second, "profile", "w", 30);
    expect(await store().jobs.stageInTurn("profile", second)).toBe(first);
    await store().jobs.claimStage(first, "profile", "w", 30);
    expect(await store().jobs.stageInTurn("profile", second)).toBeUndefined();
    await expireStage(store(), first);
    expect(await store().jobs.stageInTurn("profile", second)).toBe(first);
  });

  it("go round for trials too: a search of many does not hold up one of a few", async () => {
    const [a, b] = [await key(), await key()];
    const ofA = await searching(a, { trials: 9, parallelism: 9 });
    const ofB = await searching(b, { trials: 9, parallelism: 2 });
    const { trials } = store();
    const owners: JobId[] = [];
    for (let number = 0; number < 5; number++) {
      const next = await trials.inTurn({ jobId: ofA, number });
      if (next === undefined) break;
      owners.push(next.jobId);
      await trials.claim(next.jobId, next.number, "w", 30);
    }
    expect(owners.filter((id) => id === ofB)).toHaveLength(2);
    expect(owners.slice(0, 4).filter((id) => id === ofA)).toHaveLength(2);
  });

  it("of exports, of paused and of ended jobs are their own", async () => {
    const [a, b] = [await key(), await key()];
    const exporting = await searching(a, { trials: 1 });
    await runTrial(store(), exporting, 0, completed(7));
    const paused = await searching(b);
    await store().jobs.pause(paused);
    const { jobs, trials } = store();
    expect(await jobs.stageInTurn("export", paused)).toBe(exporting);
    expect(await trials.inTurn({ jobId: paused, number: 0 })).toBeUndefined();
    await jobs.cancel(exporting);
    expect(await jobs.stageInTurn("export", exporting)).toBeUndefined();
  });
});

describe("the owner of a job", () => {
  it("is the key that submitted it", async () => {
    const a = await key();
    expect((await store().views.job(await queued(a))).api_key_id).toBe(a);
    expect((await store().views.job(await queued(undefined))).api_key_id).toBeNull();
  });
});

describe("a job that ran out of memory", () => {
  it("goes on with half the batch, which every attempt says", async () => {
    const { jobs, trials, views } = store();
    const id = await searching(undefined, { trials: 3, parallelism: 2 });
    const first = await trials.claim(id, 0, "w", 30);
    expect(first?.job.halfBatch).toBe(false);
    await trials.release(id, 0, 1, "out_of_memory");
    expect(await trials.claim(id, 0, "w", 30)).toMatchObject({ failures: 1, job: { halfBatch: true } });
    expect((await views.trial(id, 0)).half_batch).toBe(true);
    expect((await views.trial(id, 1)).half_batch).toBe(false);
    expect((await views.job(id)).half_batch).toBe(true);

    const profiled = await queued(undefined);
    const claim = await jobs.claimStage(profiled, "profile", "w", 30);
    await jobs.releaseStage(profiled, claim?.epoch ?? -1, "out_of_memory");
    const again = await jobs.claimStage(profiled, "profile", "w", 30);
    expect(again).toMatchObject({ failures: 1, job: { halfBatch: true } });
  });
});
