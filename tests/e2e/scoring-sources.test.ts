import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

  it("reports with LLM-Pruner's protocol what espalier evaluate measures of the dense model, and replays it", async () => {
    const [cli, model] = [repository("apps/cli/bin/espalier.js"), repository("examples/models/stories260K")];
    const story = readFileSync(repository("examples/corpora/tinystories-valid.txt"), "utf8");
    const documents = join(scratch, "documents.jsonl");
    const lines = Array.from({ length: 60 }, (_, i) => JSON.stringify({ text: story.slice(300 * i, 300 * (i + 1)) }));
    writeFileSync(documents, lines.join("\n"));
    const train = repository("examples/corpora/tinystories-train.txt");
    const json = async (...flags: string[]) =>
      JSON.parse((await promisify(execFile)(process.execPath, [cli, ...flags, "--threads", "1", "--json"])).stdout);
    const reported = await json(
      ...["prune", "--model", model, "--calibration", train, "--samples", "16", "--sequence-length", "64"],
      ...["--report", documents, "--report-protocol", "llm_pruner", "--max-windows", "8", "--sparsity", "0.2"],
      ...["--trials", "2", "--no-baselines", "--out", join(scratch, "reported")],
    );
    const measure = async (protocol: string): Promise<number> => {
      const text = ["--perplexity", documents, "--protocol", protocol, "--sequence-length", "64", "--windows", "8"];
      return (await json("evaluate", "--model", model, ...text)).models[0].perplexity[0].value;
    };
    expect(reported.dense.report_perplexity).toBeCloseTo(await measure("llm_pruner"), 5);
    expect(await measure("windows")).not.toBeCloseTo(reported.dense.report_perplexity, 2);
    const recipe = join(scratch, "reported", "native", "recipe.json");
    expect(JSON.parse(readFileSync(recipe, "utf8")).spec.report.protocol).toBe("llm_pruner");
    const corpora = [repository("examples/corpora"), scratch];
    expect((await json("replay", recipe, "--model", model, "--corpora", ...corpora)).verdict).toBe("identical");
  }, 240_000);

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
