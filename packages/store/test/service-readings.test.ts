import { expect, it } from "vitest";
import { expireStage, expireTrial, newJob, SECRET, searchingJob } from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();
const LEASE = 30;

it("counts jobs by state and what is due, and notices what a silent worker held", async () => {
  const { jobs, trials, readings, sql } = store();
  expect(await readings.service()).toMatchObject({ work: { trial: { waiting: 0, oldestSeconds: 0 } } });
  const webhook = { url: "https://a.test/hook", events: ["job.started" as const], secret: SECRET };
  const { id: queued } = await jobs.create(newJob({}, { webhooks: [webhook] }));
  const searching = await searchingJob(store(), { trials: 4, parallelism: 2 });
  const first = await trials.claim(searching, 0, "silent", LEASE);
  expect(first?.takenOver).toBe(false);

  expect((await readings.work()).trial).toMatchObject({ waiting: 1, active: 1, delayed: 0 });
  const before = await readings.service();
  expect(before.jobs).toMatchObject({ queued: 1, searching: 1, succeeded: 0 });
  expect(before.work).toMatchObject({ profile: { waiting: 1 }, export: { waiting: 0, oldestSeconds: 0 } });
  expect(before.outboxOldestSeconds).toBe(0);

  await expireTrial(store(), searching, 0);
  expect((await readings.service()).work.trial.waiting).toBe(2);
  expect((await trials.claim(searching, 0, "next", LEASE))?.takenOver).toBe(true);
  expect((await trials.claim(searching, 1, "next", LEASE))?.takenOver).toBe(false);

  expect((await jobs.claimStage(queued, "profile", "silent", LEASE))?.takenOver).toBe(false);
  await expireStage(store(), queued);
  expect((await jobs.claimStage(queued, "profile", "next", LEASE))?.takenOver).toBe(true);
  const after = await readings.service();
  expect(after.work.webhook.waiting).toBe(1);
  expect(after.outboxOldestSeconds).toBeGreaterThan(0);
  expect(after.work.webhook.delayed).toBe(0);
  await sql("UPDATE deliveries SET next_attempt_at = clock_timestamp() + interval '1 hour' WHERE state = 'pending'");
  expect((await readings.work()).webhook).toEqual({ waiting: 0, active: 0, delayed: 1, oldestSeconds: 0 });
});
