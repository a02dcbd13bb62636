import { describe, expect, it } from "vitest";
import {
  buildOutcome,
  completed,
  eventTypes,
  expireStage,
  expireTrial,
  newJob,
  profileOutcome,
  runTrial,
  searchingJob,
} from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();
const LEASE = 30;

describe("stage leases", () => {
  it("go to one of many claimers", async () => {
    const { jobs } = store();
    const { id } = await jobs.create(newJob());
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, i) => jobs.claimStage(id, "profile", `w${i}`, LEASE)),
    );
    expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
    expect((await eventTypes(store(), id)).filter((type) => type === "job.started")).toHaveLength(1);
  });

  it("are taken over with a higher epoch once expired, and the old holder's result is refused", async () => {
    const { jobs } = store();
    const { id } = await jobs.create(newJob());
    const old = await jobs.claimStage(id, "profile", "old", LEASE);
    expect(await jobs.claimStage(id, "profile", "new", LEASE)).toBeUndefined();
    await expireStage(store(), id);
    const taken = await jobs.claimStage(id, "profile", "new", LEASE);
    expect(taken?.epoch).toBe((old?.epoch ?? 0) + 1);
    expect(await jobs.renewStage(id, old?.epoch ?? -1, LEASE)).toBe(false);
    expect(await jobs.settleProfile(id, old?.epoch ?? -1, profileOutcome)).toBeUndefined();
    expect(await jobs.fail(id, { code: "INTERNAL", detail: "late", stage: "profile" }, old?.epoch)).toBe(false);
    expect(await jobs.settleProfile(id, taken?.epoch ?? -1, profileOutcome)).toEqual([0]);
  });

  it("live on while they are renewed and end at once when released", async () => {
    const { jobs } = store();
    const { id } = await jobs.create(newJob());
    const claim = await jobs.claimStage(id, "profile", "a", LEASE);
    await expireStage(store(), id);
    expect(await jobs.renewStage(id, claim?.epoch ?? -1, LEASE)).toBe(true);
    expect(await jobs.claimStage(id, "profile", "b", LEASE)).toBeUndefined();
    await jobs.releaseStage(id, claim?.epoch ?? -1, "stopped");
    expect((await jobs.claimStage(id, "profile", "b", LEASE))?.epoch).toBe(2);
  });

  it("count what failed, not what a shutdown gave back, and start at zero in the next stage", async () => {
    const { jobs } = store();
    const { id } = await jobs.create(newJob({ trials: 1 }));
    const failures: (number | undefined)[] = [];
    for (const reason of ["failed", "stopped", "failed"] as const) {
      const claim = await jobs.claimStage(id, "profile", "w", LEASE);
      failures.push(claim?.failures);
      await jobs.releaseStage(id, claim?.epoch ?? -1, reason);
    }
    const claim = await jobs.claimStage(id, "profile", "w", LEASE);
    expect([...failures, claim?.failures]).toEqual([0, 1, 1, 2]);
    await jobs.settleProfile(id, claim?.epoch ?? -1, profileOutcome);
    await runTrial(store(), id, 0, completed(7));
    expect(await jobs.claimStage(id, "export", "w", LEASE)).toMatchObject({ failures: 0 });
  });

  it("cannot settle another stage: a profile's epoch means nothing to an export", async () => {
    const { jobs } = store();
    const id = await searchingJob(store(), { trials: 1 });
    await runTrial(store(), id, 0, completed(7));
    expect(await jobs.settleExport(id, 1, buildOutcome)).toBe(false);
    expect(await jobs.renewStage(id, 1, LEASE)).toBe(false);
    expect((await jobs.get(id))?.state).toBe("exporting");
  });

  it("drops progress of a lost claim", async () => {
    const { jobs, views } = store();
    const { id } = await jobs.create(newJob());
    const claim = await jobs.claimStage(id, "profile", "a", LEASE);
    await jobs.reportProgress(id, (claim?.epoch ?? 0) + 7, { stage: "profiling", done: 5, of: 8, unit: "samples" });
    expect((await views.job(id)).progress.done).toBe(0);
  });
});

describe("trial leases", () => {
  it("go to one of many claimers", async () => {
    const id = await searchingJob(store());
    const claims = await Promise.all(Array.from({ length: 8 }, (_, i) => store().trials.claim(id, 0, `w${i}`, LEASE)));
    expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
  });

  it("are taken over with the proposal; of two results one is accepted and one superseded", async () => {
    const { trials, views, sql } = store();
    const id = await searchingJob(store());
    const old = await trials.claim(id, 0, "old", LEASE);
    expect(await trials.propose(id, 0, 1, { params: { x: 1 }, origin: "sampler", rival: null })).toBe(true);
    expect(await trials.propose(id, 0, 1, { params: { x: 2 }, origin: "sampler", rival: null })).toBe(false);
    await expireTrial(store(), id, 0);
    const taken = await trials.claim(id, 0, "new", LEASE);
    expect(taken).toMatchObject({ epoch: (old?.epoch ?? 0) + 1, params: { x: 1 } });
    expect(await trials.renew(id, 0, 1, LEASE)).toBe(false);
    expect(await trials.settle(id, 0, 1, completed(9))).toEqual({ kind: "superseded" });
    expect(await trials.settle(id, 0, 2, completed(7))).toMatchObject({ kind: "accepted" });
    // Told again, as by a worker that lost its connection before it heard the answer.
    expect(await trials.settle(id, 0, 2, completed(7))).toEqual({ kind: "accepted", next: [], searchFinished: false });
    expect(await views.trial(id, 0)).toMatchObject({ state: "completed", score: Math.log(7), attempts: 2 });
    expect(await sql("SELECT epoch FROM superseded_results WHERE job_id = $1", [id])).toEqual([{ epoch: 1 }]);
    expect((await eventTypes(store(), id)).filter((type) => type === "trial.superseded")).toHaveLength(1);
    const told = await store().views.events(id, { after: 0, limit: 9, trial: 0 });
    expect(told.map(({ type }) => type).toSorted()).toEqual(["trial.settled", "trial.superseded"]);
    expect(await store().views.events(id, { after: told.at(-1)?.sequence ?? 0, limit: 9, trial: 0 })).toEqual([]);
  });

  it("accept a late result as long as nobody took the trial over", async () => {
    const { trials } = store();
    const id = await searchingJob(store());
    const claim = await trials.claim(id, 0, "slow", LEASE);
    await expireTrial(store(), id, 0);
    expect(await trials.settle(id, 0, claim?.epoch ?? -1, completed(7))).toMatchObject({ kind: "accepted" });
  });

  it("come back when released, with their proposal", async () => {
    const { trials } = store();
    const id = await searchingJob(store());
    await trials.claim(id, 0, "a", LEASE);
    await trials.propose(id, 0, 1, { params: { x: 3 }, origin: "start", rival: null });
    await trials.release(id, 0, 1, "failed");
    expect(await trials.claim(id, 0, "b", LEASE)).toMatchObject({ epoch: 2, failures: 1, params: { x: 3 } });
  });

  it("refuse scores that are not finite before anything is written", async () => {
    const { trials, views } = store();
    const id = await searchingJob(store());
    await trials.claim(id, 0, "a", LEASE);
    const broken = { ...completed(7), score: Number.NaN };
    await expect(trials.settle(id, 0, 1, broken)).rejects.toThrow(/finite, got NaN/);
    expect((await views.trial(id, 0)).state).toBe("running");
  });
});

describe("due work", () => {
  it("lists what nobody holds, and not what is leased", async () => {
    const { jobs, trials, reconciliation } = store();
    const { id: queued } = await jobs.create(newJob());
    const { id: leased } = await jobs.create(newJob());
    await jobs.claimStage(leased, "profile", "w", LEASE);
    const { id: lost } = await jobs.create(newJob());
    await jobs.claimStage(lost, "profile", "w", LEASE);
    await expireStage(store(), lost);
    const searching = await searchingJob(store(), { trials: 4, parallelism: 3 });
    await trials.claim(searching, 0, "w", LEASE);
    await trials.claim(searching, 1, "w", LEASE);
    await expireTrial(store(), searching, 1);
    const exporting = await searchingJob(store(), { trials: 1 });
    await runTrial(store(), exporting, 0, completed(7));
    const due = await reconciliation.dueWork(1000);
    const profiles = due.profile.filter(({ jobId }) => [queued, leased, lost].includes(jobId));
    expect(profiles).toEqual([
      { jobId: queued, epoch: 0 },
      { jobId: lost, epoch: 1 },
    ]);
    expect(due.export).toContainEqual({ jobId: exporting, epoch: 1 });
    expect(due.trials.filter(({ jobId }) => jobId === searching)).toEqual([
      { jobId: searching, number: 1, epoch: 1 },
      { jobId: searching, number: 2, epoch: 0 },
    ]);
    expect((await reconciliation.dueWork(1)).profile).toHaveLength(1);
  });
});
