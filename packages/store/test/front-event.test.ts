import { type JobId, webhookBody } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { completed, eventTypes, infeasible, runTrial, SECRET, searchingJob } from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();

/** Front events of a job, oldest first. */
const told = async (id: JobId) =>
  (await store().views.events(id, { after: 0, limit: 1000 }))
    .filter(({ type }) => type === "job.pareto_updated")
    .map(({ data }) => data);

/** As if the last front event lay a quarter of a minute back. */
const passQuietTime = (id: JobId) =>
  store().sql("UPDATE jobs SET front_event_at = front_event_at - interval '15 seconds' WHERE id = $1", [id]);

/** The last two events, without the clockwork of progress. */
const lastTypes = async (id: JobId) =>
  (await eventTypes(store(), id)).filter((type) => type !== "job.progress").slice(-2);

describe("a change of the front", () => {
  it("is told with the trial that made it, thinly; a trial that changes nothing is not", async () => {
    const id = await searchingJob(store(), { trials: 9 });
    await runTrial(store(), id, 0, completed(8));
    expect(await lastTypes(id)).toEqual(["trial.settled", "job.pareto_updated"]);
    expect(await told(id)).toEqual([{ job_id: id, state: "searching", trials: 1, points: 1, changes: 1 }]);
    await passQuietTime(id);
    await runTrial(store(), id, 1, completed(8));
    await runTrial(store(), id, 2, infeasible);
    expect(await told(id)).toHaveLength(1);
  });

  it("soon after another waits, and is told together with those that follow", async () => {
    const id = await searchingJob(store(), { trials: 9 });
    for (const number of [0, 1, 2]) await runTrial(store(), id, number, completed(9 - number));
    expect(await told(id)).toHaveLength(1);
    await passQuietTime(id);
    await runTrial(store(), id, 3, infeasible);
    expect(await told(id)).toMatchObject([{ changes: 1 }, { trials: 4, points: 1, changes: 2 }]);
  });

  it("that waits is told by the heartbeat of a long trial", async () => {
    const id = await searchingJob(store(), { trials: 9 });
    for (const number of [0, 1]) await runTrial(store(), id, number, completed(9 - number));
    const claim = await store().trials.claim(id, 2, "w", 30);
    const renew = () => store().trials.renew(id, 2, claim?.epoch ?? -1, 30);
    expect(await renew()).toBe(true);
    expect(await told(id)).toHaveLength(1);
    await passQuietTime(id);
    expect(await Promise.all([renew(), renew(), renew()])).toEqual([true, true, true]);
    expect(await told(id)).toHaveLength(2);
  });

  it("that waits is told when the search ends, before the event that says so", async () => {
    const exporting = await searchingJob(store(), { trials: 2 });
    const cancelled = await searchingJob(store(), { trials: 3 });
    for (const id of [exporting, cancelled])
      for (const number of [0, 1]) await runTrial(store(), id, number, completed(9 - number));
    await store().jobs.cancel(cancelled);
    expect(await lastTypes(exporting)).toEqual(["job.pareto_updated", "job.exporting"]);
    expect(await lastTypes(cancelled)).toEqual(["job.pareto_updated", "job.cancelled"]);
  });

  it("reaches the webhooks that asked for it", async () => {
    const webhooks = [
      { url: "https://a.test/front", events: ["job.pareto_updated"] as const, secret: SECRET },
      { url: "https://a.test/end", events: ["job.succeeded"] as const, secret: SECRET },
    ];
    const endpoint = await store().endpoints.create({
      url: "https://b.test/front",
      events: ["job.pareto_updated"],
      secret: SECRET,
    });
    const id = await searchingJob(store(), {}, { webhooks });
    await runTrial(store(), id, 0, completed(8));
    const bodies = await store().sql<{ body: string }>("SELECT body FROM deliveries WHERE job_id = $1", [id]);
    expect(bodies.map(({ body }) => webhookBody.parse(JSON.parse(body)))).toMatchObject([
      { type: "job.pareto_updated", data: { job_id: id, points: 1 } },
      { type: "job.pareto_updated", data: { job_id: id, points: 1 } },
    ]);
    await store().endpoints.remove(endpoint.id);
  });
});
