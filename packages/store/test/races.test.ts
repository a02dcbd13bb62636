import { describe, expect, it } from "vitest";
import { buildOutcome, completed, eventTypes, newJob, profileOutcome, runTrial, searchingJob } from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();
const terminal = (types: readonly string[]) =>
  types.filter((type) => ["job.succeeded", "job.failed", "job.cancelled"].includes(type));

describe("parallel settles", () => {
  it("number events without gaps, never exceed the budget, and finish the search once", async () => {
    const id = await searchingJob(store(), { trials: 60, parallelism: 20 });
    const finished: boolean[] = [];
    const work = async (number: number): Promise<void> => {
      const settled = await runTrial(store(), id, number, completed(100 - number));
      if (settled.kind !== "accepted") throw new Error(`trial ${number} was superseded`);
      if (settled.searchFinished) finished.push(true);
      await Promise.all(settled.next.map(work));
    };
    await Promise.all(Array.from({ length: 20 }, (_, number) => work(number)));
    expect(finished).toHaveLength(1);
    const view = await store().views.job(id);
    expect(view).toMatchObject({ state: "exporting", trials: { budget: 60, completed: 60, running: 0 } });
    expect(view.best).toMatchObject([{ trial_number: 59, scoring_perplexity: 41 }]);
    expect((await eventTypes(store(), id)).filter((type) => type === "trial.settled")).toHaveLength(60);
    expect(await store().sql("SELECT count(*)::int AS n FROM trials WHERE job_id = $1", [id])).toEqual([{ n: 60 }]);
  });

  it("keep best-so-far from getting worse in the events", async () => {
    const id = await searchingJob(store(), { trials: 12, parallelism: 12 });
    await Promise.all(Array.from({ length: 12 }, (_, n) => runTrial(store(), id, n, completed(5 + ((n * 7) % 12)))));
    const events = await store().views.events(id, { after: 0, limit: 1000 });
    const best = events.filter(({ type }) => type === "trial.settled").map(({ data }) => Number(data["best"]));
    expect(best).toEqual([...best].sort((a, b) => b - a));
  });
});

describe("cancelling", () => {
  it("ends a queued job, once, and nothing can start it", async () => {
    const { jobs } = store();
    const { id } = await jobs.create(newJob());
    const answers = await Promise.all([jobs.cancel(id), jobs.cancel(id), jobs.cancel(id)]);
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await jobs.claimStage(id, "profile", "w", 30)).toBeUndefined();
    expect(await eventTypes(store(), id)).toEqual(["job.queued", "job.cancelled"]);
  });

  it("loses the running stage its lease and refuses its result", async () => {
    const { jobs } = store();
    const { id } = await jobs.create(newJob());
    const claim = await jobs.claimStage(id, "profile", "w", 30);
    expect(await jobs.cancel(id)).toBe(true);
    expect(await jobs.renewStage(id, claim?.epoch ?? -1, 30)).toBe(false);
    expect(await jobs.settleProfile(id, claim?.epoch ?? -1, profileOutcome)).toBeUndefined();
  });

  it("cancels open trials; a late result is superseded and nothing follows the last event", async () => {
    const { jobs, trials, views } = store();
    const id = await searchingJob(store(), { trials: 9, parallelism: 3 });
    await runTrial(store(), id, 0, completed(7));
    await trials.claim(id, 1, "w", 30);
    await jobs.cancel(id);
    expect(await trials.settle(id, 1, 1, completed(5))).toEqual({ kind: "superseded" });
    expect(await trials.claim(id, 2, "w", 30)).toBeUndefined();
    expect((await views.trial(id, 1)).state).toBe("cancelled");
    expect((await views.job(id)).trials).toMatchObject({ completed: 1, running: 0 });
    expect((await eventTypes(store(), id)).at(-1)).toBe("job.cancelled");
  });

  it("meets claims, settles and the last export with exactly one end", async () => {
    const { jobs } = store();
    for (let round = 0; round < 10; round++) {
      const id = await searchingJob(store(), { trials: 1 });
      await runTrial(store(), id, 0, completed(7));
      const build = await jobs.claimStage(id, "export", "w", 30);
      const [cancelled, succeeded] = await Promise.all([
        jobs.cancel(id),
        jobs.settleExport(id, build?.epoch ?? -1, buildOutcome),
      ]);
      expect([cancelled, succeeded].filter(Boolean)).toHaveLength(1);
      expect(terminal(await eventTypes(store(), id))).toEqual([cancelled ? "job.cancelled" : "job.succeeded"]);
    }
  });

  it("meets parallel settles without a deadlock", async () => {
    const id = await searchingJob(store(), { trials: 40, parallelism: 10 });
    const claims = await Promise.all(Array.from({ length: 10 }, (_, n) => store().trials.claim(id, n, "w", 30)));
    const settles = claims.map((claim) => store().trials.settle(id, claim?.number ?? -1, 1, completed(9)));
    await Promise.all([...settles, store().jobs.cancel(id)]);
    expect(terminal(await eventTypes(store(), id))).toEqual(["job.cancelled"]);
    const open = await store().sql("SELECT 1 FROM trials WHERE job_id = $1 AND state IN ('waiting','running')", [id]);
    expect(open).toEqual([]);
  });
});
