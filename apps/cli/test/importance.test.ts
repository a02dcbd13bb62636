import { type ImportanceView, importanceView, type JobId } from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { playTrials, settleProfile } from "../../api/test/support/search-job.js";
import { startService, type TestService } from "../../api/test/support/service.js";
import { importanceTable } from "../src/output/importance-table.js";
import { runEspalier } from "./support/run-espalier.js";

describe("espalier importance", () => {
  let service: TestService;
  let url: string;
  let id: JobId;
  beforeAll(async () => {
    service = await startService();
    url = await service.app.listen({ host: "127.0.0.1", port: 0 });
    id = (await service.submit({ search: { trials: 21 } })).id;
    await settleProfile(service, id, [
      { name: "share", type: "float", low: 0, high: 1 },
      { name: "kind", type: "categorical", choices: ["a", "b"] },
    ]);
    const trials = Array.from({ length: 20 }, (_, n) => ({
      params: { share: n / 20, kind: n % 2 === 0 ? "a" : "b" },
      score: n,
      results: [],
    }));
    await playTrials(service, id, trials);
  });
  afterAll(() => service?.close());

  const espalier = (...flags: string[]) => runEspalier(["importance", "--url", url, ...flags], {});

  it("prints a table, most important first", async () => {
    const { stdout } = await espalier(id);
    expect(stdout.indexOf("share")).toBeGreaterThan(0);
    expect(stdout.indexOf("share")).toBeLessThan(stdout.indexOf("kind"));
    expect(stdout).toContain("among the best 2 of 20 trials");
  });

  it("prints one JSON document on request", async () => {
    const { stdout } = await espalier(id, "--json", "--quantile", "0.25");
    expect(importanceView.parse(JSON.parse(stdout))).toMatchObject({ quantile: 0.25, top_trials: 5, reason: null });
  });

  it.each([
    ["a job that there is not", ["job_00000000-0000-7000-8000-000000000000"], /No such job/],
    ["a share that is none", ["x", "--quantile", "2"], /0\.001 to 0\.9/],
  ])("ends with 2 for %s", async (_, flags, message) => {
    await expect(espalier(...flags)).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
  });
});

describe("the table", () => {
  const none: ImportanceView = {
    parameters: [],
    trials: 3,
    truncated: false,
    quantile: 0.1,
    top_trials: 0,
    reason: "3 points can be compared, importances need at least 10",
  };

  it("says why there are no importances", () => {
    expect(importanceTable(none)).toBe(
      "No importances: 3 points can be compared, importances need at least 10 (3 trials).",
    );
  });

  it("says that only the newest trials were looked at", () => {
    const parameters = [{ name: "x", importance: 1, variance: 0.09 }];
    const text = importanceTable({ ...none, parameters, trials: 20_000, truncated: true, reason: null });
    expect(text).toContain("of the newest 20000 trials");
    expect(text).toContain("100.0 %");
  });
});
