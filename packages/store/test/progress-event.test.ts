import { expect, it } from "vitest";
import { completed, eventTypes, newJob, profileOutcome, runTrial } from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();

it("a job tells of its progress at most once a minute, in its stages and in its search together", async () => {
  const { jobs, sql } = store();
  const { id } = await jobs.create(newJob({ trials: 4 }));
  const told = async () => (await eventTypes(store(), id)).filter((type) => type === "job.progress").length;
  const aMinutePasses = () =>
    sql("UPDATE jobs SET progress_event_at = progress_event_at - interval '61 seconds' WHERE id = $1", [id]);
  const claim = await jobs.claimStage(id, "profile", "w", 30);
  const report = (done: number) =>
    jobs.reportProgress(id, claim?.epoch ?? -1, { stage: "profiling", done, of: 8, unit: "samples" });
  for (const done of [1, 2, 3]) await report(done);
  expect(await told()).toBe(1);
  await aMinutePasses();
  for (const done of [4, 5]) await report(done);
  expect(await told()).toBe(2);
  await jobs.settleProfile(id, claim?.epoch ?? -1, profileOutcome);
  for (const number of [0, 1]) await runTrial(store(), id, number, completed(9));
  expect(await told()).toBe(2);
  await aMinutePasses();
  for (const number of [2, 3]) await runTrial(store(), id, number, completed(9));
  expect(await told()).toBe(3);
});
