import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataOf, type JobRecording, makeClient, replaying } from "@espalier/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { playTrials, resultAt, settleProfile } from "../../api/test/support/search-job.js";
import { startService, type TestService } from "../../api/test/support/service.js";
import { runEspalier } from "./support/run-espalier.js";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64");

describe("espalier report", () => {
  let service: TestService;
  let url: string;
  let folder: string;
  beforeAll(async () => {
    service = await startService();
    url = await service.app.listen({ host: "127.0.0.1", port: 0 });
    folder = await mkdtemp(join(tmpdir(), "espalier-report-"));
  });
  afterAll(async () => {
    await service?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("writes one page: only its own script and style may run, and the recording answers as the service does", async () => {
    const { id } = await service.submit({ name: "</script><b>&" });
    await settleProfile(service, id, []);
    const trials = [3, 2].map((score) => ({ params: {}, score, results: [resultAt(0.2, Math.exp(score), 800)] }));
    await playTrials(service, id, trials);
    const file = join(folder, "report.html");
    const { stdout, stderr } = await runEspalier(["report", id, "-o", file, "--json"], { ESPALIER_URL: url });
    const page = await readFile(file, "utf8");
    expect(JSON.parse(stdout)).toEqual({
      job_id: id,
      state: "searching",
      path: file,
      size_bytes: Buffer.byteLength(page),
    });
    expect(stderr).toBe("");

    const [script = "", style = ""] = [/<script type="module">(.*?)<\/script>/s, /<style>(.*?)<\/style>/s].map(
      (part) => part.exec(page)?.[1],
    );
    const policy = /Content-Security-Policy" content="(.*?)"/.exec(page)?.[1];
    expect(policy).toContain(`script-src 'sha256-${sha256(script)}'; style-src 'sha256-${sha256(style)}';`);
    expect(policy).not.toContain("unsafe");
    expect(page).toContain("<title>&lt;/script>&lt;b>&amp; · Espalier</title>");

    const data = /id="recording">(.*?)<\/script>/s.exec(page)?.[1] ?? "";
    const { answers, ...recording } = JSON.parse(data) as JobRecording;
    expect(recording).toEqual({ job_id: id, recorded_at: expect.any(String) });
    const live = makeClient({ url });
    const kept = makeClient({ url, send: replaying(answers) });
    const params = { path: { id } };
    for (const ask of [
      (api: typeof live) => dataOf(api.GET("/v1/jobs/{id}", { params })),
      (api: typeof live) => dataOf(api.GET("/v1/jobs/{id}/history", { params })),
      (api: typeof live) => dataOf(api.GET("/v1/jobs/{id}/trials/{number}", { params: { path: { id, number: 1 } } })),
    ]) {
      expect(await ask(kept)).toEqual(await ask(live));
    }
  });

  it("says what is wrong with the job or the file, and where to go", async () => {
    const missing = "job_00000000-0000-7000-8000-000000000000";
    const env = { ESPALIER_URL: url };
    await expect(runEspalier(["report", missing], env)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining("No such job"),
    });
    const { id } = await service.submit();
    const nowhere = join(folder, "none", "report.html");
    await expect(runEspalier(["report", id, "-o", nowhere], env)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`'${nowhere}' cannot be written`),
    });
  });
});
