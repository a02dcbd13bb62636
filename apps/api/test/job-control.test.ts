import type { JobId } from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { finishJob } from "./support/run-job.js";
import { playTrials, resultAt, settleProfile } from "./support/search-job.js";
import { problemOf, startService, type TestService } from "./support/service.js";

describe("what a job is told", () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  const tell = (id: string, move: string) => service.app.inject({ method: "POST", url: `/v1/jobs/${id}/${move}` });
  const remove = (id: string) => service.app.inject({ method: "DELETE", url: `/v1/jobs/${id}` });

  /** A job that searches, with so many completed trials. */
  async function searching(completed: number): Promise<JobId> {
    const { id } = await service.submit();
    await settleProfile(service, id, []);
    const trial = { params: {}, score: 1, results: [resultAt(0.2, 3, 800)] };
    await playTrials(
      service,
      id,
      Array.from({ length: completed }, () => trial),
    );
    return id;
  }

  it("pauses, resumes and finishes, each as often as it is asked", async () => {
    const id = await searching(1);
    for (const [move, state] of [
      ["pause", "paused"],
      ["resume", "searching"],
      ["pause", "paused"],
      ["finish", "exporting"],
    ] as const) {
      for (let time = 0; time < 2; time++) {
        const response = await tell(id, move);
        expect(response.statusCode).toBe(200);
        expect(response.json().job.state).toBe(state);
      }
    }
    const events = (await service.get(`/v1/jobs/${id}/events`)).json<{ data: { type: string }[] }>().data;
    const told = events.map(({ type }) => type).filter((type) => /paused|resumed|exporting/.test(type));
    expect(told).toEqual(["job.paused", "job.resumed", "job.paused", "job.exporting"]);
  });

  it("says since when and from where it rests", async () => {
    const id = await searching(0);
    const { job } = (await tell(id, "pause")).json();
    expect(job.pause).toEqual({ from: "searching", since: expect.any(String), reason: null });
    expect((await tell(id, "resume")).json().job.pause).toBeNull();
  });

  it("is a conflict where its state does not have the move", async () => {
    const { id } = await service.submit();
    for (const move of ["pause", "resume", "finish"]) {
      const response = await tell(id, move);
      expect([response.statusCode, problemOf(response).code]).toEqual([409, "JOB_STATE_CONFLICT"]);
    }
    const early = await tell(await searching(0), "finish");
    expect([early.statusCode, problemOf(early).code]).toEqual([409, "JOB_WITHOUT_RESULT"]);
  });

  it("deletes a job that has ended, and no other", async () => {
    const { id } = await service.submit();
    const open = await remove(id);
    expect([open.statusCode, problemOf(open).code]).toEqual([409, "JOB_STATE_CONFLICT"]);
    await finishJob(service, id);
    const deleted = await remove(id);
    expect([deleted.statusCode, deleted.body]).toEqual([204, ""]);
    const gone = [await remove(id), await tell(id, "resume"), await service.get(`/v1/jobs/${id}`)];
    const files = await service.get(`/v1/jobs/${id}/artifacts/native/model.safetensors`);
    for (const response of [...gone, files]) {
      expect([response.statusCode, problemOf(response).code]).toEqual([404, "JOB_NOT_FOUND"]);
    }
  });
});
