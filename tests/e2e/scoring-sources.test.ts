import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type ComparisonView, comparisonView } from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repository } from "./repository.js";
import { type RunningService, startService } from "./running-service.js";
import { smallJob } from "./small-job.js";

const valid = { corpus: "tinystories-valid.txt", windows: 8, sequence_length: 64 };
const train = { corpus: "tinystories-train.txt", windows: 12, sequence_length: 32, skip_windows: 64 };

describe("a job with two scoring texts", () => {
  let service: RunningService;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service?.stop());

  const compare = async (scoring: object[]): Promise<ComparisonView> => {
    const search = { trials: 2, seed: 7 };
    const { id } = await service.submit(smallJob({ scoring: scoring as never, search, baselines: false }));
    const job = await service.finished(id);
    expect(job.error).toBeNull();
    return comparisonView.parse(await service.get(`/v1/jobs/${id}/comparison`));
  };

  it("scores by the weighted mean of their log perplexities, and says what they share with the report", async () => {
    const both = await compare([
      { ...valid, weight: 3 },
      { ...train, weight: 1 },
    ]);
    const logs = [];
    for (const source of [valid, train]) logs.push(Math.log((await compare([source])).dense?.scoring_perplexity ?? 0));
    expect(Math.log(both.dense?.scoring_perplexity ?? 0)).toBeCloseTo((3 * logs[0] + logs[1]) / 4, 10);
    expect(both.best[0].scoring_perplexity).toBeGreaterThan(both.dense?.scoring_perplexity ?? Infinity);
    expect(both.contamination.find(({ split }) => split === "scoring")).toMatchObject({ windows: 20, n: 13 });
  });
});

describe("espalier prune", () => {
  const scratch = mkdtempSync(join(tmpdir(), "espalier-sources-"));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  it("takes several scoring texts with weights, and tells what the texts repeat", async () => {
    const [trainFile, validFile] = ["train", "valid"].map((part) =>
      repository(`examples/corpora/tinystories-${part}.txt`),
    );
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...[repository("apps/cli/bin/espalier.js"), "prune", "--model", repository("examples/models/stories260K")],
      ...["--calibration", trainFile, "--samples", "16", "--max-windows", "8", "--sparsity", "0.2", "--trials", "2"],
      ...["--scoring", `${validFile}:3`, "--scoring", trainFile, "--report", validFile, "--no-baselines"],
      ...["--threads", "1", "--json", "--out", join(scratch, "out")],
    ]);
    const { best, contamination } = JSON.parse(stdout);
    expect(best).toHaveLength(1);
    expect(contamination).toHaveLength(4);
    expect(contamination[0]).toMatchObject({ split: "scoring", other: "calibration", windows: 16, warning: null });
  });
});
