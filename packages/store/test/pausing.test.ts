import type { JobId } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import {
  buildOutcome,
  completed,
  eventTypes,
  infeasible,
  newJob,
  profileOutcome,
  runTrial,
  searchingJob,
} from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();
const full = { code: "STORAGE_FULL", detail: "The disk is full." } as const;
const view = (id: JobId) => store().views.job(id);
const count = async (id: JobId, type: string) =>
  (await eventTypes(store(), id)).filter((event) => event === type).length;

/** Lets a job's clock run: as if its search had begun, and its pause, so many seconds earlier. */
const age = (id: JobId, seconds: number) =>
  store().sql(
    `UPDATE jobs SET search_started_at = search_started_at - make_interval(secs => $2),
       paused_at = paused_at - make_interval(secs => $2) WHERE id = $1`,
    [id, seconds],
  );

/** Claims a trial and stores its proposal. */
async function begin(id: JobId, number: number): Promise<void> {
  await store().trials.claim(id, number, "w", 30);
  await store().trials.propose(id, number, 1, { params: { x: number }, origin: "sampler", rival: null });
}

/** A job whose export is claimed; returns the claim's epoch. */
async function exportingJob(): Promise<{ id: JobId; epoch: number }> {
  const id = await searchingJob(store(), { trials: 1 });
  await runTrial(store(), id, 0, completed(7));
  const claim = await store().jobs.claimStage(id, "export", "w", 30);
  return { id, epoch: claim?.epoch ?? -1 };
}

describe("a paused search", () => {
  it("gives out and inserts no trial, accepts what ran, and goes on where it was", async () => {
    const { jobs, trials, reconciliation } = store();
    const id = await searchingJob(store(), { trials: 5, parallelism: 2 });
    await begin(id, 0);
    expect(await jobs.pause(id)).toEqual({ kind: "done" });
    expect(await trials.claim(id, 1, "w", 30)).toBeUndefined();
    expect(await trials.renew(id, 0, 1, 30)).toBe(true);
    expect(await trials.settle(id, 0, 1, completed(7))).toEqual({ kind: "accepted", next: [], searchFinished: false });
    expect((await reconciliation.dueWork(500)).trials.filter(({ jobId }) => jobId === id)).toEqual([]);
    expect(await view(id)).toMatchObject({
      state: "paused",
      trials: { completed: 1 },
      pause: { from: "searching", reason: null },
    });

    expect(await jobs.resume(id)).toEqual({ kind: "done", profile: false, trials: [1, 2], export: false });
    expect(await view(id)).toMatchObject({ state: "searching", pause: null });
    expect((await reconciliation.dueWork(500)).trials.filter(({ jobId }) => jobId === id)).toHaveLength(2);
    expect(await eventTypes(store(), id)).toEqual(expect.arrayContaining(["job.paused", "job.resumed"]));
  });

  it("tells a waiting front before it rests, and at once what a late trial changes", async () => {
    const { jobs, trials } = store();
    const id = await searchingJob(store(), { trials: 5, parallelism: 3 });
    await begin(id, 2);
    await runTrial(store(), id, 0, completed(9));
    await runTrial(store(), id, 1, completed(8));
    expect(await count(id, "job.pareto_updated")).toBe(1);
    await jobs.pause(id);
    expect(await count(id, "job.pareto_updated")).toBe(2);
    await trials.settle(id, 2, 1, completed(7));
    expect(await count(id, "job.pareto_updated")).toBe(3);
  });

  it("whose last trial settled meanwhile goes to its export, or fails, when it is resumed", async () => {
    for (const [outcome, state] of [
      [completed(7), "exporting"],
      [infeasible, "failed"],
    ] as const) {
      const { jobs, trials } = store();
      const id = await searchingJob(store(), { trials: 1 });
      await begin(id, 0);
      await jobs.pause(id);
      await trials.settle(id, 0, 1, outcome);
      expect((await view(id)).state).toBe("paused");
      expect(await jobs.resume(id)).toEqual({
        kind: "done",
        profile: false,
        trials: [],
        export: state === "exporting",
      });
      expect((await view(id)).state).toBe(state);
    }
  });

  it("uses up none of the time that its search may take", async () => {
    const { jobs, trials, sql } = store();
    const id = await searchingJob(store(), { trials: 9 });
    await sql(`UPDATE jobs SET spec = jsonb_set(spec, '{budget,max_duration_seconds}', '100') WHERE id = $1`, [id]);
    await age(id, 50);
    await jobs.pause(id);
    await age(id, 500);
    expect((await jobs.get(id))?.secondsSearching).toBeLessThan(100);
    await jobs.resume(id);
    expect((await jobs.get(id))?.secondsSearching).toBeLessThan(100);
    expect(await runTrial(store(), id, 0, completed(7))).toMatchObject({ next: [1], searchFinished: false });
    await age(id, 51);
    await begin(id, 1);
    expect(await trials.settle(id, 1, 1, completed(7))).toMatchObject({ next: [], searchFinished: true });
  });

  it("is refused elsewhere, and so is resuming what does not rest", async () => {
    const { jobs } = store();
    const { id } = await exportingJob();
    expect(await jobs.pause(id)).toEqual({ kind: "refused", state: "exporting" });
    expect(await jobs.resume(id)).toEqual({ kind: "refused", state: "exporting" });
  });

  it("is paused and resumed once, however often at once", async () => {
    const { jobs } = store();
    const id = await searchingJob(store(), { trials: 9, parallelism: 3 });
    await runTrial(store(), id, 0, completed(7));
    await Promise.all([1, 2, 3, 4].map(() => jobs.pause(id)));
    expect(await count(id, "job.paused")).toBe(1);
    await Promise.all([1, 2, 3, 4].map(() => jobs.resume(id)));
    expect(await count(id, "job.resumed")).toBe(1);
    expect(await store().sql("SELECT count(*)::int AS n FROM trials WHERE job_id = $1", [id])).toEqual([{ n: 4 }]);
  });

  it("meets its last trial in either order and loses nothing", async () => {
    const { jobs, trials } = store();
    for (let round = 0; round < 4; round++) {
      const id = await searchingJob(store(), { trials: 1 });
      await begin(id, 0);
      const [settled, paused] = await Promise.all([trials.settle(id, 0, 1, completed(7)), jobs.pause(id)]);
      expect(settled.kind).toBe("accepted");
      if (paused?.kind === "done") await jobs.resume(id);
      expect((await view(id)).state).toBe("exporting");
      expect(await count(id, "job.exporting")).toBe(1);
    }
  });

  it("can be cancelled, and leaves no trace of the pause", async () => {
    const id = await searchingJob(store());
    await store().jobs.pause(id);
    expect(await store().jobs.cancel(id)).toBe(true);
    expect(await view(id)).toMatchObject({ state: "cancelled", pause: null });
  });
});

describe("finishing", () => {
  it("cancels open trials and exports the best so far; a late result is superseded", async () => {
    for (const isPaused of [false, true]) {
      const { jobs, trials } = store();
      const id = await searchingJob(store(), { trials: 9, parallelism: 3 });
      await runTrial(store(), id, 0, completed(7));
      await begin(id, 1);
      if (isPaused) await jobs.pause(id);
      expect(await jobs.finish(id)).toEqual({ kind: "done" });
      expect(await trials.renew(id, 1, 1, 30)).toBe(false);
      expect(await trials.settle(id, 1, 1, completed(5))).toEqual({ kind: "superseded" });
      expect(await view(id)).toMatchObject({ state: "exporting", pause: null, trials: { completed: 1, running: 0 } });
      expect(await jobs.winners(id)).toMatchObject([{ trialNumber: 0 }]);
      expect((await store().reconciliation.dueWork(500)).export.map(({ jobId }) => jobId)).toContain(id);
      const claim = await jobs.claimStage(id, "export", "w", 30);
      expect(await jobs.settleExport(id, claim?.epoch ?? -1, buildOutcome)).toBe(true);
    }
  });

  it("is refused while nothing has completed", async () => {
    const id = await searchingJob(store());
    expect(await store().jobs.finish(id)).toEqual({ kind: "refused", state: "searching" });
    expect((await view(id)).state).toBe("searching");
  });

  it("meets a cancel with exactly one end", async () => {
    for (let round = 0; round < 4; round++) {
      const id = await searchingJob(store(), { trials: 5 });
      await runTrial(store(), id, 0, completed(7));
      const [finished, cancelled] = await Promise.all([store().jobs.finish(id), store().jobs.cancel(id)]);
      expect(cancelled).toBe(true);
      expect(finished?.kind === "done" || finished?.state === "cancelled").toBe(true);
      expect((await view(id)).state).toBe("cancelled");
      expect(await count(id, "job.cancelled")).toBe(1);
    }
  });
});

describe("an export that finds the disk full", () => {
  it("pauses with its reason, lists nothing, and goes on when resumed or finished", async () => {
    const { jobs, views } = store();
    for (const goOn of [jobs.resume, jobs.finish]) {
      const { id, epoch } = await exportingJob();
      expect(await jobs.pauseStage(id, epoch, full)).toBe(true);
      expect(await view(id)).toMatchObject({
        state: "paused",
        progress: { stage: "exporting" },
        pause: { from: "exporting", reason: full },
        error: null,
      });
      expect((await views.artifacts(id)).data).toEqual([]);
      expect(await jobs.claimStage(id, "export", "w", 30)).toBeUndefined();
      expect(await jobs.settleExport(id, epoch, buildOutcome)).toBe(false);
      expect(await goOn(id)).toMatchObject({ kind: "done" });
      const claim = await jobs.claimStage(id, "export", "w", 30);
      expect(claim).toMatchObject({ epoch: epoch + 1, failures: 0 });
      expect(await jobs.settleExport(id, epoch + 1, buildOutcome)).toBe(true);
    }
  });

  it("does not pause for a worker that lost it", async () => {
    const { id, epoch } = await exportingJob();
    expect(await store().jobs.pauseStage(id, epoch - 1, full)).toBe(false);
    await store().jobs.releaseStage(id, epoch, "stopped");
    expect(await store().jobs.pauseStage(id, epoch, full)).toBe(false);
    expect((await view(id)).state).toBe("exporting");
  });
});

describe("a profile that finds the disk full", () => {
  it("pauses with its reason and goes on when resumed; finishing finds nothing to export", async () => {
    const { jobs } = store();
    const { id } = await jobs.create(newJob());
    const claim = await jobs.claimStage(id, "profile", "w", 30);
    expect(await jobs.pauseStage(id, claim?.epoch ?? -1, full)).toBe(true);
    expect(await view(id)).toMatchObject({
      state: "paused",
      progress: { stage: "profiling" },
      pause: { from: "profiling", reason: full },
    });
    expect(await jobs.settleProfile(id, claim?.epoch ?? -1, profileOutcome)).toBeUndefined();
    expect(await jobs.claimStage(id, "profile", "w", 30)).toBeUndefined();
    expect(await jobs.finish(id)).toEqual({ kind: "refused", state: "paused" });
    expect(await jobs.resume(id)).toEqual({ kind: "done", profile: true, trials: [], export: false });
    const again = await jobs.claimStage(id, "profile", "w", 30);
    expect(again).toMatchObject({ failures: 0 });
    expect(await jobs.settleProfile(id, again?.epoch ?? -1, profileOutcome)).toEqual([0]);
  });
});

describe("a trial that finds the disk full", () => {
  it("is given back uncounted and pauses its job once, whatever runs beside it", async () => {
    const { jobs, trials, views } = store();
    const id = await searchingJob(store(), { trials: 4, parallelism: 2 });
    await begin(id, 0);
    await begin(id, 1);
    expect(await trials.pause(id, 0, 1, full)).toBe(true);
    expect(await trials.pause(id, 1, 1, full)).toBe(true);
    expect(await trials.pause(id, 1, 1, full)).toBe(false);
    expect(await view(id)).toMatchObject({ state: "paused", pause: { from: "searching", reason: full } });
    expect(await count(id, "job.paused")).toBe(1);
    expect(await jobs.resume(id)).toEqual({ kind: "done", profile: false, trials: [0, 1], export: false });
    expect(await trials.claim(id, 0, "w", 30)).toMatchObject({ epoch: 2, failures: 0, params: { x: 0 } });
    expect((await views.trial(id, 1)).state).toBe("waiting");
  });
});
