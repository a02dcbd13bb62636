import { artifactList, type JobId } from "@espalier/contracts";
import type { ExportKey, ExportOutcome } from "@espalier/pipeline";
import { describe, expect, it } from "vitest";
import { buildOutcome, completed, nativeChecks, newJob, profileOutcome, runTrial, SECRET } from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();
const key: ExportKey = { trialNumber: 0, sparsity: 0.2, profile: "native" };
const NAME = "trial-0/sparsity-0.2/native";
const [best] = buildOutcome.best;
if (!best) throw new Error("the outcome of tests has a best model");
const outcome: ExportOutcome = {
  files: [{ name: `${NAME}/model.safetensors`, sizeBytes: 99, sha256: "c".repeat(64) }],
  model: { ...best, trial_number: 0 },
  checks: nativeChecks,
};

/** A job that succeeded: trials 0 and 1 completed, 1 is the winner. */
async function succeededJob(): Promise<JobId> {
  const { jobs } = store();
  const webhooks = [{ url: "https://example.com/hook", events: ["artifact.ready"] as const, secret: SECRET }];
  const { id } = await jobs.create(newJob({ trials: 2 }, { webhooks }));
  const profile = await jobs.claimStage(id, "profile", "w", 30);
  await jobs.settleProfile(id, profile?.epoch ?? -1, profileOutcome);
  await runTrial(store(), id, 0, completed(8));
  await runTrial(store(), id, 1, completed(6));
  const build = await jobs.claimStage(id, "export", "w", 30);
  await jobs.settleExport(id, build?.epoch ?? -1, buildOutcome);
  return id;
}

const claim = (id: JobId, owner = "w") => store().exports.claim(id, NAME, owner, 30);
const expire = (id: JobId) =>
  store().sql("UPDATE exports SET lease_until = clock_timestamp() - interval '1 s' WHERE job_id = $1", [id]);
const due = async (id: JobId) =>
  (await store().reconciliation.dueWork(200)).laterExports.filter(({ jobId }) => jobId === id);
const eventsOf = (id: JobId) => store().views.events(id, { after: 0, limit: 200 });

describe("an export that is asked for after the search", () => {
  it("is pending, due, claimed once, and ready with its files, event and message; the job stays as it is", async () => {
    const { exports, views } = store();
    const id = await succeededJob();
    expect(await exports.ask(id, NAME, key)).toEqual({ kind: "pending", name: NAME });
    expect(await due(id)).toEqual([{ jobId: id, name: NAME, epoch: 0 }]);
    const before = await views.job(id);
    const [held, other] = await Promise.all([claim(id), claim(id, "v")]);
    const winner = held ?? other;
    expect([held, other].filter(Boolean)).toHaveLength(1);
    expect(winner).toMatchObject({ epoch: 1, trialNumber: 0, params: { x: 0 }, scoringPerplexity: 8 });
    expect(await due(id)).toEqual([]);
    expect(await exports.settle(id, NAME, 1, outcome)).toBe(true);
    expect(await exports.settle(id, NAME, 1, outcome)).toBe(false);

    const list = artifactList.parse(await views.artifacts(id));
    expect(list.exports).toMatchObject([
      { name: "native", trial_number: 1, state: "ready", files: 1 },
      { name: NAME, trial_number: 0, sparsity: 0.2, profile: "native", state: "ready", files: 1, size_bytes: 99 },
    ]);
    expect(list.data.find(({ name }) => name.startsWith(NAME))).toMatchObject({ export: NAME, trial_number: 0 });
    expect((await views.artifacts(id, NAME)).data).toHaveLength(1);
    const after = await views.job(id);
    // Only what tells of the new event moves: the job's state, times and result stay.
    const untouched = { updated_at: "", event_sequence: 0 };
    expect({ ...after, ...untouched }).toEqual({ ...before, ...untouched });
    const events = await eventsOf(id);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)).toMatchObject({ type: "artifact.ready", data: { export: NAME, trial_number: 0, files: 1 } });
    const messages = await store().sql("SELECT 1 FROM deliveries WHERE job_id = $1", [id]);
    expect(messages).toHaveLength(2);
  });

  it("is one, however often it is asked for, and the winner's own is there already", async () => {
    const { exports } = store();
    const id = await succeededJob();
    const asked = await Promise.all(Array.from({ length: 8 }, () => exports.ask(id, NAME, key)));
    expect(new Set(asked.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify({ kind: "pending", name: NAME })]),
    );
    const winner = { ...key, trialNumber: 1 };
    expect(await exports.ask(id, "trial-1/sparsity-0.2/native", winner)).toEqual({ kind: "ready", name: "native" });
  });

  it("goes to another worker when its holder falls silent, whose late result is refused", async () => {
    const { exports } = store();
    const id = await succeededJob();
    await exports.ask(id, NAME, key);
    await claim(id);
    await expire(id);
    expect(await claim(id, "v")).toMatchObject({ epoch: 2, takenOver: true, failures: 0 });
    expect(await exports.renew(id, NAME, 1, 30)).toBe(false);
    expect(await exports.settle(id, NAME, 1, outcome)).toBe(false);
    expect(await exports.fail(id, NAME, 1, { code: "INTERNAL", detail: "late" })).toBe(false);
    await exports.release(id, NAME, 2, "failed");
    expect(await claim(id)).toMatchObject({ epoch: 3, takenOver: false, failures: 1 });
  });

  it("fails without touching the job, and is tried again when it is asked for again", async () => {
    const { exports, views } = store();
    const id = await succeededJob();
    await exports.ask(id, NAME, key);
    await claim(id);
    expect(await exports.fail(id, NAME, 1, { code: "STORAGE_FULL", detail: "no room" })).toBe(true);
    expect(await views.export(id, NAME)).toMatchObject({ state: "failed", error: { code: "STORAGE_FULL" }, files: 0 });
    expect((await views.job(id)).state).toBe("succeeded");
    expect((await eventsOf(id)).at(-1)?.type).toBe("artifact.failed");
    expect(await exports.ask(id, NAME, key)).toEqual({ kind: "pending", name: NAME });
    expect(await claim(id)).toMatchObject({ epoch: 2, failures: 0 });
  });

  it("waits with at most fifteen others of its job", async () => {
    const { exports } = store();
    const id = await succeededJob();
    const ask = (n: number) => exports.ask(id, `trial-0/sparsity-${n}/native`, { ...key, sparsity: n });
    const answers = [];
    for (let n = 1; n <= 17; n++) answers.push((await ask(n / 100))?.kind);
    expect(answers.slice(14)).toEqual(["pending", "pending", "full"]);
  });
});

describe("deleting a job while an export of it runs", () => {
  it("ends the claim, refuses the result, and keeps the row until late files are past", async () => {
    const { exports, jobs, removals, views } = store();
    const id = await succeededJob();
    await exports.ask(id, NAME, key);
    await claim(id);
    expect(await jobs.delete(id)).toEqual({ kind: "done" });
    expect(await exports.renew(id, NAME, 1, 30)).toBe(false);
    expect(await exports.settle(id, NAME, 1, outcome)).toBe(false);
    expect(await exports.choices(id, 0)).toBeUndefined();
    expect(await exports.ask(id, NAME, key)).toBeUndefined();
    expect(await due(id)).toEqual([]);
    await expect(views.artifacts(id, NAME)).rejects.toMatchObject({ code: "JOB_NOT_FOUND" });

    await removals.empty(id);
    await store().sql("UPDATE jobs SET finished_at = finished_at - interval '1 hour' WHERE id = $1", [id]);
    await removals.forget(id);
    expect(await store().sql("SELECT 1 FROM jobs WHERE id = $1", [id])).toHaveLength(1);
    await store().sql("UPDATE exports SET lease_until = lease_until - interval '1 hour' WHERE job_id = $1", [id]);
    await removals.forget(id);
    expect(await store().sql("SELECT 1 FROM jobs WHERE id = $1", [id])).toHaveLength(0);
  });
});
