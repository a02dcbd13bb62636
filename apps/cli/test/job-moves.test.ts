import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { playTrials, resultAt, settleProfile } from "../../api/test/support/search-job.js";
import { startService, type TestService } from "../../api/test/support/service.js";
import { runEspalier } from "./support/run-espalier.js";

describe("espalier pause, resume, finish, cancel and delete", () => {
  let service: TestService;
  let url: string;
  beforeAll(async () => {
    service = await startService();
    url = await service.app.listen({ host: "127.0.0.1", port: 0 });
  });
  afterAll(() => service?.close());

  const espalier = async (...flags: string[]): Promise<string> =>
    (await runEspalier(flags, { ESPALIER_URL: url })).stdout;

  it("move a job and print its state, or one document", async () => {
    const { id } = await service.submit();
    await settleProfile(service, id, []);
    await playTrials(service, id, [{ params: {}, score: 1, results: [resultAt(0.2, 3, 800)] }]);
    expect(await espalier("pause", id)).toBe(`${id} paused\n`);
    expect(JSON.parse(await espalier("resume", id, "--json")).job).toMatchObject({ id, state: "searching" });
    expect(await espalier("finish", id)).toBe(`${id} exporting\n`);
    await expect(espalier("delete", id)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining("cancel it first"),
    });
    expect(await espalier("cancel", id)).toBe(`${id} cancelled\n`);
    expect(JSON.parse(await espalier("delete", id, "--json"))).toEqual({ id, deleted: true });
  });
});
