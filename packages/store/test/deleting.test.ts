import type { JobId } from "@espalier/contracts";
import { makeRemoveDeleted } from "@espalier/pipeline";
import { describe, expect, it } from "vitest";
import { buildOutcome, completed, newJob, profileOutcome, runTrial, SECRET, searchingJob } from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();
const events = ["job.cancelled"] as const;
const webhook = { url: "https://example.com/hook", events, secret: SECRET };

/** Rows that a job has left, by table. */
const rowsOf = async (id: JobId) => {
  const tables = ["trials", "events", "artifacts", "best_results", "front_results", "improving_trials", "job_webhooks"];
  const counts = tables.map((table) => `(SELECT count(*) FROM ${table} WHERE job_id = $1)`);
  const [row] = await store().sql<{ n: number }>(`SELECT (${counts.join(" + ")})::int AS n`, [id]);
  return row?.n;
};

const jobRow = (id: JobId) => store().sql("SELECT 1 FROM jobs WHERE id = $1", [id]);
const endedLongAgo = (id: JobId) =>
  store().sql("UPDATE jobs SET finished_at = finished_at - interval '1 hour' WHERE id = $1", [id]);

/** Files that only say what was asked of them. */
function recorder() {
  const calls: string[] = [];
  const files = {
    removeJob: async (id: JobId) => void calls.push(id),
    setAsideStatistics: async (key: string) => void calls.push(key),
    removeSetAside: async () => undefined,
  };
  return { calls, round: makeRemoveDeleted({ removals: store().removals, files }) };
}

async function succeededJob(statisticsKey: string): Promise<JobId> {
  const { jobs } = store();
  const { id } = await jobs.create(newJob({ trials: 1 }));
  const profile = await jobs.claimStage(id, "profile", "w", 30);
  await jobs.settleProfile(id, profile?.epoch ?? -1, { ...profileOutcome, statisticsKey });
  await runTrial(store(), id, 0, completed(7));
  const build = await jobs.claimStage(id, "export", "w", 30);
  await jobs.settleExport(id, build?.epoch ?? -1, buildOutcome);
  return id;
}

describe("deleting a job", () => {
  it("is refused until it has ended", async () => {
    const id = await searchingJob(store());
    expect(await store().jobs.delete(id)).toEqual({ kind: "refused", state: "searching" });
    expect((await store().views.job(id)).state).toBe("searching");
  });

  it("hides it from every reading at once, and from the second delete", async () => {
    const { jobs, views } = store();
    const id = await succeededJob("1".repeat(64));
    const answers = await Promise.all([jobs.delete(id), jobs.delete(id), jobs.delete(id)]);
    expect(answers.filter((answer) => answer?.kind === "done")).toHaveLength(1);
    expect(await jobs.get(id)).toBeUndefined();
    expect((await views.jobs({ limit: 200, sort: "-created_at" })).data.map((job) => job.id)).not.toContain(id);
    const gone = { code: "JOB_NOT_FOUND" };
    const reads = [
      views.job(id),
      views.trial(id, 0),
      views.trials(id, { limit: 10, sort: "number" }),
      views.trialColumns(id),
      views.history(id, { points: 100 }),
      views.comparison(id),
      views.importance(id, { quantile: 0.1 }),
      views.slices(id, 100),
      views.parallel(id, 100),
      views.layers(id),
      views.pareto(id),
      views.artifacts(id),
      views.artifact(id, "recipe.json"),
      views.events(id, { after: 0, limit: 10 }),
    ];
    await Promise.all(reads.map((read) => expect(read).rejects.toMatchObject(gone)));
    expect(await jobs.cancel(id)).toBe(false);
    expect(await jobs.resume(id)).toBeUndefined();
  });

  it("meets a resume and a cancel: it happens to a job that has ended, or not at all", async () => {
    const { jobs } = store();
    const id = await searchingJob(store());
    await jobs.pause(id);
    const [deleted, resumed] = await Promise.all([jobs.delete(id), jobs.resume(id)]);
    expect(deleted?.kind).toBe("refused");
    expect(resumed?.kind).toBe("done");
    const [, late] = await Promise.all([jobs.cancel(id), jobs.delete(id)]);
    expect(late?.kind === "done" ? await jobs.get(id) : (await jobs.get(id))?.state).toBe(
      late?.kind === "done" ? undefined : "cancelled",
    );
  });

  it("ends messages to its own receivers; a registered endpoint gets its own", async () => {
    const { jobs, deliveries, sql } = store();
    const { endpoint } = {
      endpoint: await store().endpoints.create({ url: "https://example.com/all", events, secret: SECRET }),
    };
    const { id } = await jobs.create(newJob({}, { webhooks: [webhook] }));
    await jobs.cancel(id);
    const messages = () =>
      sql<{ id: string; to: string | null }>(
        `SELECT id, endpoint_id AS to FROM deliveries WHERE body LIKE '%' || $1 || '%'`,
        [id],
      );
    expect(await messages()).toHaveLength(2);
    await jobs.delete(id);
    await endedLongAgo(id);
    await recorder().round();
    expect(await jobRow(id)).toEqual([]);
    const [left, ...none] = await messages();
    expect([left?.to, none]).toEqual([endpoint.id, []]);
    expect(await deliveries.due({ pace: "quick", limit: 10 })).toContain(left?.id);
  });
});

describe("removing what a deleted job left", () => {
  it("takes files and rows at once, and the job itself when nothing can come late", async () => {
    const id = await succeededJob("2".repeat(64));
    await store().jobs.delete(id);
    const { calls, round } = recorder();
    await round();
    expect(calls).toEqual(expect.arrayContaining([id, "2".repeat(64)]));
    expect(await rowsOf(id)).toBe(0);
    expect(await jobRow(id)).toHaveLength(1);
    expect(await round()).toBe(0);
    await endedLongAgo(id);
    expect(await round()).toBe(1);
    expect(await jobRow(id)).toEqual([]);
  });

  it("is done again after a round that was cut short", async () => {
    const id = await succeededJob("3".repeat(64));
    await store().jobs.delete(id);
    const files = {
      removeJob: () => Promise.reject(new Error("disk away")),
      setAsideStatistics: async () => undefined,
      removeSetAside: async () => undefined,
    };
    await expect(makeRemoveDeleted({ removals: store().removals, files })()).rejects.toThrow("disk away");
    expect(await rowsOf(id)).toBeGreaterThan(0);
    await Promise.all([recorder().round(), recorder().round()]);
    expect(await rowsOf(id)).toBe(0);
  });

  it("keeps statistics that another job has read, and those that one may be about to read", async () => {
    const { jobs, removals } = store();
    const key = "4".repeat(64);
    const [first, second] = [await succeededJob(key), await succeededJob(key)];
    const use = () => removals.ifUnused(key, async () => undefined);
    await jobs.delete(first);
    expect(await use()).toBe("needed");
    await jobs.delete(second);
    const { id } = await jobs.create(newJob());
    await jobs.claimStage(id, "profile", "w", 30);
    expect(await use()).toBe("unknown");
    await jobs.cancel(id);
    expect(await use()).toBe("unused");
  });

  it("keeps the job while its idempotency key is answered with it", async () => {
    const { jobs, sql } = store();
    const claim = { key: "again", bodyHash: "h" };
    const { id } = await jobs.create(newJob(), claim);
    await jobs.cancel(id);
    await jobs.delete(id);
    await endedLongAgo(id);
    await recorder().round();
    expect(await jobs.create(newJob(), claim)).toEqual({ id, replayed: true });
    await sql("UPDATE idempotency_keys SET expires_at = now() - interval '1 s' WHERE job_id = $1", [id]);
    await recorder().round();
    expect(await jobRow(id)).toEqual([]);
  });
});
