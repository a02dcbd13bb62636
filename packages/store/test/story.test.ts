import { artifactList, comparisonView, eventView, historyView, jobView, trialView } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import {
  buildOutcome,
  completed,
  eventTypes,
  infeasible,
  nativeChecks,
  newJob,
  profileOutcome,
  runTrial,
  searchingJob,
} from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();

describe("a job from submit to success", () => {
  it("goes through all states, with one event for each move", async () => {
    const { jobs, views } = store();
    const job = newJob({ trials: 3 }, { name: "story", labels: { team: "a:b" } });
    expect(await jobs.create(job)).toEqual({ id: job.id, replayed: false });
    expect((await jobs.get(job.id))?.state).toBe("queued");

    const profile = await jobs.claimStage(job.id, "profile", "w1", 30);
    expect(profile?.job.state).toBe("profiling");
    expect(await jobs.settleProfile(job.id, profile?.epoch ?? -1, profileOutcome)).toEqual([0]);

    expect(await runTrial(store(), job.id, 0, completed(8))).toEqual({
      kind: "accepted",
      next: [1],
      searchFinished: false,
    });
    expect(await runTrial(store(), job.id, 1, completed(6))).toEqual({
      kind: "accepted",
      next: [2],
      searchFinished: false,
    });
    expect((await jobs.get(job.id))?.state).toBe("searching");
    expect(await runTrial(store(), job.id, 2, infeasible)).toEqual({
      kind: "accepted",
      next: [],
      searchFinished: true,
    });
    expect((await jobs.get(job.id))?.state).toBe("exporting");
    expect(await jobs.winners(job.id)).toEqual([{ sparsity: 0.2, trialNumber: 1, params: { x: 1 } }]);

    const build = await jobs.claimStage(job.id, "export", "w1", 30);
    expect(await jobs.settleExport(job.id, build?.epoch ?? -1, buildOutcome)).toBe(true);
    const { differences, text_samples } = comparisonView.parse(await views.comparison(job.id));
    expect({ differences, textSamples: text_samples }).toMatchObject({
      differences: buildOutcome.differences,
      textSamples: buildOutcome.textSamples,
    });
    const { exports } = artifactList.parse(await views.artifacts(job.id));
    expect(exports[0]?.checks).toEqual(nativeChecks);
    const view = await views.job(job.id);
    expect(view.state).toBe("succeeded");
    expect(view.progress).toMatchObject({ stage: "done", fraction: 1, eta_seconds: 0 });
    expect((await eventTypes(store(), job.id)).filter((type) => type !== "job.progress")).toEqual([
      ...["job.queued", "job.started", "job.searching"],
      ...["trial.settled", "job.pareto_updated", "trial.settled", "trial.settled", "job.pareto_updated"],
      ...["job.exporting", "artifact.ready", "job.succeeded"],
    ]);
  });

  it("reads as the contracts say, at every stage", async () => {
    const { jobs, views } = store();
    const { id } = await jobs.create(newJob({ trials: 2, sparsity: [0.2, 0.5] }));
    const check = async () => jobView.parse(await views.job(id));
    expect((await check()).progress.stage).toBe("queued");
    const profile = await jobs.claimStage(id, "profile", "w", 30);
    const epoch = profile?.epoch ?? -1;
    await jobs.reportProgress(id, epoch, { stage: "profiling", done: 2, of: 8, unit: "samples" });
    expect((await check()).progress.eta_seconds).toBeNull();
    await jobs.reportProgress(id, epoch, { stage: "profiling", done: 4, of: 8, unit: "samples" });
    const profiling = await check();
    expect(profiling.progress).toMatchObject({ stage: "profiling", done: 4, of: 8 });
    expect(profiling.progress.eta_seconds).toBeGreaterThan(0);
    await jobs.settleProfile(id, epoch, profileOutcome);
    await runTrial(store(), id, 0, completed(8));
    expect((await check()).progress.eta_seconds).toBeNull();
    const searching = await check();
    expect(searching.best).toMatchObject([{ name: "trial 0", trial_number: 0, scoring_perplexity: 8 }]);
    expect(searching.best_baseline.map(({ name, sparsity }) => [name, sparsity])).toEqual([
      ["taylor", 0.2],
      ["taylor", 0.5],
    ]);
    comparisonView.parse(await views.comparison(id));
    historyView.parse(await views.history(id, { points: 10 }));
    trialView.parse(await views.trial(id, 0));
    for (const event of await views.events(id, { after: 0, limit: 100 })) eventView.parse(event);
    expect(searching.progress.fraction).toBeGreaterThan(profiling.progress.fraction);
  });

  it("predicts the search from the mean trial, its remaining trials and its parallelism", async () => {
    const id = await searchingJob(store(), { trials: 10, parallelism: 2 });
    for (const number of [0, 1, 2]) await runTrial(store(), id, number, completed(9));
    const { progress, timing } = await store().views.job(id);
    expect(timing.mean_trial_seconds).toBe(2);
    expect(progress).toMatchObject({ stage: "searching", done: 3, of: 10, eta_seconds: (2 * 7) / 2 });
  });

  it("fails with SEARCH_INFEASIBLE when no trial gave a finite score", async () => {
    const id = await searchingJob(store(), { trials: 2 });
    await runTrial(store(), id, 0, infeasible);
    const last = await runTrial(store(), id, 1, { state: "failed", reason: "lost" });
    expect(last).toEqual({ kind: "accepted", next: [], searchFinished: false });
    const view = await store().views.job(id);
    expect(view.state).toBe("failed");
    expect(view.error).toMatchObject({ code: "SEARCH_INFEASIBLE", stage: "search" });
    expect((await eventTypes(store(), id)).at(-1)).toBe("job.failed");
  });

  it("ends the search when the compute budget is used up", async () => {
    const id = await searchingJob(store(), { trials: 100, maxComputeSeconds: 3 });
    expect(await runTrial(store(), id, 0, completed(9))).toMatchObject({ next: [1], searchFinished: false });
    expect(await runTrial(store(), id, 1, completed(8))).toMatchObject({ next: [], searchFinished: true });
    expect((await store().jobs.get(id))?.state).toBe("exporting");
  });

  it("breaks ties of winners by the lower number, in any order of arrival", async () => {
    const id = await searchingJob(store(), { trials: 3, parallelism: 3 });
    for (const number of [2, 0, 1]) await runTrial(store(), id, number, completed(7));
    expect(await store().jobs.winners(id)).toMatchObject([{ trialNumber: 0 }]);
  });
});
