import { artifactList, createExportAnswer, type JobId } from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { finishJob } from "./support/run-job.js";
import { problemOf, startService, type TestService } from "./support/service.js";

describe("exports of a finished search", () => {
  let service: TestService;
  let id: JobId;
  const ask = (body: object) => service.post(`/v1/jobs/${id}/artifacts`, body);
  beforeAll(async () => {
    service = await startService();
    id = (await service.submit()).id;
    await finishJob(service, id);
  });
  afterAll(() => service.close());

  it("are accepted with a place to follow them, and asked for twice they are one", async () => {
    const first = await ask({ trial: 0 });
    expect(first.statusCode).toBe(202);
    const { export: made } = createExportAnswer.parse(first.json());
    expect(made).toMatchObject({ name: "trial-0/sparsity-0.2/native", state: "pending", files: 0, model: null });
    const second = await ask({ trial: 0, sparsity: 0.2, profile: "native" });
    expect(second.json()).toEqual(first.json());

    const followed = await service.get(String(first.headers.location));
    expect(artifactList.parse(followed.json())).toEqual({ data: [], exports: [made] });
    const all = artifactList.parse((await service.get(`/v1/jobs/${id}/artifacts`)).json());
    expect(all.exports.map(({ name }) => name)).toEqual(["native", made.name]);
    expect(all.data[0]).toMatchObject({ export: "native", trial_number: 2, sparsity: 0.2, profile: "native" });
  });

  it("are answered at once when they are there", async () => {
    const response = await ask({});
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ export: { name: "native", state: "ready", trial_number: 2 } });
  });

  it.each([
    [{ trial: 99 }, 422, "VALIDATION_FAILED", "/trial"],
    [{ sparsity: 0.7 }, 422, "VALIDATION_FAILED", "/sparsity"],
    [{ profile: "gguf2" }, 422, "VALIDATION_FAILED", "/profile"],
    [{ profile: "uniform" }, 422, "VALIDATION_FAILED", "/profile"],
    [{ trial: -1 }, 422, "VALIDATION_FAILED", "/trial"],
    [{ size: 1 }, 422, "VALIDATION_FAILED", "/size"],
  ])("of %j are refused with a pointer", async (body, status, code, pointer) => {
    const response = await ask(body);
    expect(response.statusCode).toBe(status);
    const problem = problemOf(response);
    expect(problem.code).toBe(code);
    expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
  });

  it("are refused while a job runs, and of a job or a folder that is not there", async () => {
    const running = await service.submit();
    const early = await service.post(`/v1/jobs/${running.id}/artifacts`, {});
    expect([early.statusCode, problemOf(early).code]).toEqual([409, "JOB_STATE_CONFLICT"]);
    const missing = await service.get(`/v1/jobs/${id}/artifacts?export=trial-9/sparsity-0.2/native`);
    expect([missing.statusCode, problemOf(missing).code]).toEqual([404, "ARTIFACT_NOT_FOUND"]);
  });
});
