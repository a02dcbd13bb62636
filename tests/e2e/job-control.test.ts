import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { EventView, JobView } from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningService, startService } from "./running-service.js";
import { smallJob } from "./small-job.js";

describe("a job under control", () => {
  let service: RunningService;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service?.stop());

  const tell = async (id: string, move: string): Promise<JobView> => {
    const response = await fetch(new URL(`/v1/jobs/${id}/${move}`, service.url), { method: "POST" });
    expect(response.status).toBe(200);
    return ((await response.json()) as { job: JobView }).job;
  };

  it("rests, goes on, is finished early with a result, and is deleted with its files", async () => {
    const calibration = { corpus: "tinystories-train.txt", samples: 16, sequence_length: 64 };
    const { id } = await service.submit(smallJob({ calibration, baselines: false, search: { trials: 2000, seed: 7 } }));
    await service.until(id, ({ trials }) => trials.completed >= 1);
    await tell(id, "pause");
    const resting = await service.until(id, ({ trials }) => trials.running === 0);
    await sleep(500);
    expect((await service.job(id)).trials).toEqual(resting.trials);
    await tell(id, "resume");
    await service.until(id, ({ trials }) => trials.completed > resting.trials.completed);
    await tell(id, "finish");
    const job = await service.finished(id);
    expect(job).toMatchObject({ state: "succeeded", error: null, pause: null });
    const { data } = await service.get<{ data: EventView[] }>(`/v1/jobs/${id}/events?limit=200`);
    expect(data.map(({ sequence }) => sequence)).toEqual(data.map((_, index) => index + 1));

    const folders = [join(service.dataDir, "artifacts", id), join(service.dataDir, "statistics")];
    expect(folders.every(existsSync)).toBe(true);
    const response = await fetch(new URL(`/v1/jobs/${id}`, service.url), { method: "DELETE" });
    expect(response.status).toBe(204);
    const left = () => (existsSync(folders[0] ?? "") ? 1 : 0) + readdirSync(folders[1] ?? "").length;
    while (left() > 0) await sleep(100);
  });
});
