import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { finishJob } from "./support/run-job.js";
import { problemOf, roots, smallJob, startService, type TestService } from "./support/service.js";

describe("a model whose tokenizer GGUF cannot hold", () => {
  let service: TestService;
  let folder: string;
  const job = (...profiles: string[]) => ({ ...smallJob, model: { path: "lowercased" }, export: { profiles } });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "espalier-unfit-"));
    const model = join(folder, "lowercased");
    await cp(join(roots.models[0] ?? "", "stories260K"), model, { recursive: true });
    const tokenizer = JSON.parse(await readFile(join(model, "tokenizer.json"), "utf8"));
    await writeFile(join(model, "tokenizer.json"), JSON.stringify({ ...tokenizer, normalizer: { type: "Lowercase" } }));
    service = await startService({ roots: { ...roots, models: [folder] } });
  });
  afterAll(async () => {
    await service.close();
    await rm(folder, { recursive: true });
  });

  it.each(["/v1/jobs", "/v1/jobs/estimate"])("is refused by POST %s at the profile's place", async (url) => {
    const response = await service.post(url, job("native", "gguf"));
    expect([response.statusCode, problemOf(response).code]).toEqual([422, "VALIDATION_FAILED"]);
    expect(problemOf(response).errors).toEqual([
      { pointer: "/export/profiles/1", detail: expect.stringContaining("Export 'native', 'uniform' or 'padded'") },
    ]);
    expect((await service.post(url, job("native", "padded"))).statusCode).toBeLessThan(300);
  });

  it("is refused as a later export of a finished search, which takes other forms", async () => {
    const { id } = await service.submit(job("native"));
    await finishJob(service, id);
    const ask = (profile: string) => service.post(`/v1/jobs/${id}/artifacts`, { profile });
    const refused = await ask("gguf");
    expect([refused.statusCode, problemOf(refused).code]).toEqual([422, "VALIDATION_FAILED"]);
    expect(problemOf(refused).errors).toMatchObject([{ pointer: "/profile" }]);
    expect((await ask("padded")).statusCode).toBe(202);
    // What cannot be read now may be there again when a worker comes to it.
    await rm(join(folder, "lowercased/tokenizer.json"));
    await rm(join(folder, "lowercased/config.json"));
    expect((await ask("gguf")).statusCode).toBe(202);
  });
});
