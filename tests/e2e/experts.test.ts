import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { openModel, readWeights } from "@espalier/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { plainMixtral } from "../../packages/pruning/test/plain-mixtral.js";
import { stacked, writeMixtral } from "../../packages/pruning/test/seeded-mixtral.js";
import { readPlainTensors } from "./plain-tensors.js";
import { repository } from "./repository.js";

const run = promisify(execFile);
const scratch = mkdtempSync(join(tmpdir(), "espalier-experts-"));
const source = join(scratch, "mixtral");
beforeAll(() => writeMixtral(source));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function prune(out: string, ...more: string[]) {
  const { stdout } = await run(process.execPath, [
    repository("apps/cli/bin/espalier.js"),
    ...["prune", "--model", source, "--out", out, "--json"],
    ...["--calibration", repository("examples/corpora/tinystories-train.txt"), "--samples", "12"],
    ...["--sparsity", "0.4", "--trials", "6", "--seed", "3", "--max-windows", "8", "--threads", "1", ...more],
  ]);
  return JSON.parse(stdout);
}

describe("espalier prune of a mixture of experts", () => {
  it("removes whole experts and writes a folder that gives the losses of the search", async () => {
    const out = join(scratch, "free");
    const result = await prune(out);
    expect(result.best[0].report_perplexity).toBeGreaterThan(1);
    expect(result.baselines.map(({ name }: { name: string }) => name)).toContain("easy_ep");
    const folder = join(out, "native");
    const model = await openModel(folder);
    const counts = model.config.shape.layers.map(({ experts }) => experts?.count ?? 0);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(2);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThan(10);
    // What was written, read by plain loops: the same model as the one that the graphs run.
    const tensors = readPlainTensors(join(folder, "model.safetensors"));
    const read = await readWeights(model);
    for (const [name, values] of stacked(tensors)) expect(read.get(name)).toEqual(values);
    const { nll } = plainMixtral(tensors, [1, 5, 80, 300, 7], { headDim: 4, perToken: 2, epsilon: 1e-5, theta: 1e4 });
    for (const loss of nll) expect(loss).toBeGreaterThan(0);
    expect(readFileSync(join(folder, "README.md"), "utf8")).toMatch(/\| 0 \| .* of 5 experts \|/);
  }, 180_000);
});
