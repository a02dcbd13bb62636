import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { finishJob } from "../../api/test/support/run-job.js";
import { smallJob, startService, type TestService } from "../../api/test/support/service.js";
import { runEspalier } from "./support/run-espalier.js";

describe("espalier estimate and export", () => {
  let service: TestService;
  let url: string;
  let folder: string;
  beforeAll(async () => {
    service = await startService();
    url = await service.app.listen({ host: "127.0.0.1", port: 0 });
    folder = await mkdtemp(join(tmpdir(), "espalier-cli-"));
  });
  afterAll(async () => {
    await service?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const espalier = async (...flags: string[]): Promise<string> =>
    (await runEspalier(flags, { ESPALIER_URL: url })).stdout;

  it("say what a job would cost, for people and as one document", async () => {
    const file = join(folder, "job.json");
    await writeFile(file, JSON.stringify(smallJob));
    const text = await espalier("estimate", file);
    expect(text).toMatch(/^profile +[\d.]+ G {3}–\n/);
    expect(text).toContain("No worker has been seen yet");
    expect(JSON.parse(await espalier("estimate", file, "--json"))).toMatchObject({ trials: { budget: 3 } });
    await writeFile(file, JSON.stringify({ ...smallJob, model: { path: "absent" } }));
    await expect(espalier("estimate", file)).rejects.toMatchObject({ code: 2 });
  });

  it("have another trial exported, and tell how it ended", async () => {
    const { id } = await service.submit();
    await finishJob(service, id);
    expect(await espalier("export", id)).toBe("native\n");
    const name = "trial-1/sparsity-0.2/native";
    expect(await espalier("export", id, "--trial", "1", "--no-wait")).toBe(`${name} (pending)\n`);
    let isOver = false;
    const waiting = espalier("export", id, "--trial", "1").finally(() => {
      isOver = true;
    });
    const failing = async (): Promise<void> => {
      for (; !isOver; await sleep(20)) {
        const claim = await service.store.exports.claim(id, name, "test", 60);
        const failure = { code: "STORAGE_FULL", detail: "The disk is full." } as const;
        if (claim) await service.store.exports.fail(id, name, claim.epoch, failure);
      }
    };
    const [outcome] = await Promise.allSettled([waiting, failing()]);
    expect(outcome).toMatchObject({ reason: { code: 1, stderr: expect.stringContaining("The disk is full.") } });
    await expect(espalier("export", id, "--trial", "99")).rejects.toMatchObject({ code: 2 });
  });
});
