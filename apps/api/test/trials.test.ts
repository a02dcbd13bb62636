import type { JobId } from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { finishJob } from "./support/run-job.js";
import { problemOf, startService, type TestService } from "./support/service.js";

describe("a finished job", () => {
  let service: TestService;
  let id: JobId;
  beforeAll(async () => {
    service = await startService();
    id = (await service.submit()).id;
    await finishJob(service, id);
  });
  afterAll(() => service.close());

  const numbers = async (query: string): Promise<number[]> =>
    (await service.get(`/v1/jobs/${id}/trials${query}`))
      .json<{ data: { number: number }[] }>()
      .data.map((t) => t.number);

  it("shows what it found", async () => {
    const { job } = (await service.get(`/v1/jobs/${id}`)).json();
    expect(job).toMatchObject({
      state: "succeeded",
      trials: { budget: 3, completed: 3, running: 0 },
      progress: { fraction: 1 },
      best: [{ name: "trial 2", trial_number: 2 }],
    });
  });

  it("lists trials by number and by score, filtered", async () => {
    expect(await numbers("")).toEqual([0, 1, 2]);
    expect(await numbers("?sort=score")).toEqual([2, 1, 0]);
    expect(await numbers("?sort=-score&limit=2")).toEqual([0, 1]);
    expect(await numbers("?max_score=1.95")).toEqual([1, 2]);
    expect(await numbers("?state=failed")).toEqual([]);
  });

  it("sorts by a parameter", async () => {
    expect(await numbers("?sort=-param:obs_share")).toEqual([2, 1, 0]);
    expect(await numbers("?sort=param:obs_share&limit=1")).toEqual([0]);
  });

  it("gives only the fields that were asked for, with a link to the rest", async () => {
    const response = await service.get(`/v1/jobs/${id}/trials?fields=score,state&limit=1`);
    expect(response.json().data).toEqual([{ score: 2, state: "completed" }]);
    expect(response.headers.vary).toBe("Accept");
    const next = /<(.*)>; rel="next"/.exec(String(response.headers.link))?.[1] ?? "";
    expect((await service.get(next)).json().data).toEqual([{ score: 1.9, state: "completed" }]);
  });

  it.each([
    ["sort=speed", "/sort"],
    ["sort=param:", "/sort"],
    ["fields=score,speed", "/fields/1"],
    ["fields=", "/fields/0"],
    ["min_score=low", "/min_score"],
  ])("refuses %s", async (query, pointer) => {
    const response = await service.get(`/v1/jobs/${id}/trials?${query}`);
    expect(response.statusCode).toBe(422);
    expect(problemOf(response).errors?.map((error) => error.pointer)).toEqual([pointer]);
  });

  it("pages through trials in any order", async () => {
    const first = (await service.get(`/v1/jobs/${id}/trials?sort=score&limit=2`)).json();
    expect(first.has_more).toBe(true);
    expect(await numbers(`?sort=score&limit=2&cursor=${first.next_cursor}`)).toEqual([0]);
    const foreign = await service.get(`/v1/jobs/${id}/trials?sort=-score&limit=2&cursor=${first.next_cursor}`);
    expect(problemOf(foreign).code).toBe("CURSOR_INVALID");
  });

  it("shows one trial, with an entity tag", async () => {
    const response = await service.get(`/v1/jobs/${id}/trials/1`);
    expect(response.json().trial).toMatchObject({
      number: 1,
      state: "completed",
      params: { obs_share: 0.1 },
      score: 1.9,
    });
    const again = await service.get(`/v1/jobs/${id}/trials/1`, { "if-none-match": String(response.headers.etag) });
    expect(again.statusCode).toBe(304);
  });

  it.each(["99", "-1", "x", "1.5"])("has no trial %s", async (number) => {
    const response = await service.get(`/v1/jobs/${id}/trials/${number}`);
    expect(response.statusCode).toBe(404);
    expect(problemOf(response).code).toBe("TRIAL_NOT_FOUND");
  });

  it("has a history whose best never gets worse", async () => {
    const { trials, total } = (await service.get(`/v1/jobs/${id}/history?points=2`)).json();
    expect(total).toBe(3);
    expect(trials.length).toBeLessThanOrEqual(2);
    const full = (await service.get(`/v1/jobs/${id}/history`)).json();
    expect(full.trials.map((t: { best_score: number }) => t.best_score)).toEqual([2, 1.9, 1.8]);
  });

  it("has a comparison", async () => {
    const comparison = (await service.get(`/v1/jobs/${id}/comparison`)).json();
    expect(comparison).toMatchObject({
      state: "succeeded",
      dense: { report_perplexity: 5.2 },
      best: [{ report_perplexity: 6.1 }],
      improvement: [{ relative: 0.03 }],
      differences: [{ model: "taylor_second", interval: [0.01, 0.05] }],
      text_samples: { samples: [], reason: expect.stringContaining("longer") },
      contamination: [
        { split: "scoring", other: "calibration", n: 13, windows: 8 },
        { split: "scoring", other: "report" },
        { split: "report", other: "calibration" },
        { split: "report", other: "scoring", warning: null },
      ],
    });
  });
});
