import type { ArtifactView, Page, TrialView } from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningService, startService } from "./running-service.js";
import { smallJob } from "./small-job.js";

interface Outcome {
  readonly trials: readonly unknown[];
  readonly files: Readonly<Record<string, string>>;
}

async function outcome(service: RunningService, id: string): Promise<Outcome> {
  const job = await service.finished(id);
  expect(job.error).toBeNull();
  expect(job.state).toBe("succeeded");
  const { data } = await service.get<Page<TrialView>>(`/v1/jobs/${id}/trials?limit=200`);
  const { data: files } = await service.get<{ data: ArtifactView[] }>(`/v1/jobs/${id}/artifacts`);
  return {
    trials: data.map(({ number, state, params, score, results }) => ({ number, state, params, score, results })),
    files: Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256])),
  };
}

describe("the whole stack killed with SIGKILL in mid-search", () => {
  let disturbed: RunningService;
  let calm: RunningService;

  beforeAll(async () => {
    [disturbed, calm] = await Promise.all([startService(), startService()]);
  });
  afterAll(async () => {
    await Promise.all([disturbed?.stop(), calm?.stop()]);
  });

  it("goes on after a restart as if nothing had happened", async () => {
    const { id } = await disturbed.submit(smallJob());
    await disturbed.until(id, (job) => job.state === "searching" && job.trials.completed >= 2);
    await disturbed.kill();
    disturbed = await startService(disturbed.dataDir);
    const found = await outcome(disturbed, id);
    const expected = await outcome(calm, (await calm.submit(smallJob())).id);
    expect(found).toEqual(expected);
  }, 180_000);
});
