import { newJobId } from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { playTrials, resultAt, settleProfile } from "../../api/test/support/search-job.js";
import { startService, type TestService } from "../../api/test/support/service.js";
import { runEspalier } from "./support/run-espalier.js";

describe("espalier trials", () => {
  let service: TestService;
  let url: string;
  let id: string;
  beforeAll(async () => {
    service = await startService();
    url = await service.app.listen({ host: "127.0.0.1", port: 0 });
    const job = await service.submit();
    id = job.id;
    await settleProfile(service, job.id, []);
    const trials = [3, 2, 4].map((score) => ({ params: {}, score, results: [resultAt(0.2, Math.exp(score), 800)] }));
    await playTrials(service, job.id, trials);
  });
  afterAll(() => service?.close());

  const espalier = async (...flags: string[]): Promise<string> =>
    (await runEspalier(["trials", ...flags], { ESPALIER_URL: url })).stdout;

  it("prints them as CSV, a line each under their names, as the service sends it", async () => {
    const text = await espalier(id, "--csv");
    const [head = "", ...lines] = text.split("\r\n");
    const score = head.split(",").indexOf("score");
    expect(head).toMatch(/^number,state,/);
    expect(lines.map((line) => line.split(",")[score])).toEqual(["3", "2", "4", undefined]);
    expect(lines.at(-1)).toBe("");
    const sent = await fetch(`${url}/v1/jobs/${id}/trials`, { headers: { accept: "text/csv" } });
    expect(text).toBe(await sent.text());
  });

  it("prints them as one document or as a table", async () => {
    const { data } = JSON.parse(await espalier(id, "--json"));
    expect(data.map(({ score }: { score: number }) => score)).toEqual([3, 2, 4]);
    expect(await espalier(id)).toContain("2.0000");
  });

  it("ends with 2 for a job that there is not, and prints nothing", async () => {
    for (const flag of ["--csv", "--json"]) {
      const asked = espalier(newJobId(), flag);
      await expect(asked).rejects.toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("job_") });
    }
  });
});
