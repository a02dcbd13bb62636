import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repository } from "./repository.js";

const run = promisify(execFile);
// Nothing here may leave this machine.
const env = { ...process.env, ESPALIER_HUB: "false" };
const espalier = (...flags: string[]) =>
  run(process.execPath, [repository("apps/cli/bin/espalier.js"), ...flags], { env });
const scratch = mkdtempSync(join(tmpdir(), "espalier-prune-"));
/** A model whose tokenizer llama.cpp would not follow. */
const lowercased = join(scratch, "lowercased");
beforeAll(() => {
  cpSync(repository("examples/models/stories260K"), lowercased, { recursive: true });
  const tokenizer = JSON.parse(readFileSync(join(lowercased, "tokenizer.json"), "utf8"));
  writeFileSync(
    join(lowercased, "tokenizer.json"),
    JSON.stringify({ ...tokenizer, normalizer: { type: "Lowercase" } }),
  );
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const prune = async (out: string, ...more: string[]) => {
  const { stdout } = await espalier(
    ...["prune", "--model", repository("examples/models/stories260K"), "--out", out, "--json"],
    ...["--calibration", repository("examples/corpora/tinystories-train.txt"), "--samples", "32"],
    ...["--sparsity", "0.2", "--trials", "8", "--seed", "3", "--max-windows", "24", "--threads", "1", ...more],
  );
  return JSON.parse(stdout);
};

const hashes = (dir: string): Record<string, string> =>
  Object.fromEntries(
    (readdirSync(dir, { recursive: true }) as string[])
      .filter((name) => statSync(join(dir, name)).isFile())
      .map((name) => [
        name,
        createHash("sha256")
          .update(readFileSync(join(dir, name)))
          .digest("hex"),
      ]),
  );

describe("espalier prune", () => {
  it("gives identical trials and identical bytes for one seed", async () => {
    const [a, b] = [join(scratch, "a"), join(scratch, "b")];
    const first = await prune(a);
    const second = await prune(b);
    expect(first.trials).toBe(8);
    expect(first.dense).toMatchObject({ name: "dense", parameters: 260_032 });
    for (const key of ["dense", "baselines", "best", "improvement", "trials", "trial_log"]) {
      expect(second[key], key).toEqual(first[key]);
    }
    expect(Object.keys(hashes(a))).toContain(join("native", "model.safetensors"));
    expect(hashes(b)).toEqual(hashes(a));
  }, 180_000);

  it("has an entry per sparsity and a folder per sparsity", async () => {
    const out = join(scratch, "several");
    const result = await prune(out, "--sparsity", "0.2,0.4", "--no-baselines");
    expect(result.best.map((entry: { sparsity: number }) => entry.sparsity)).toEqual([0.2, 0.4]);
    expect(readdirSync(out).sort()).toEqual(["sparsity-0.2", "sparsity-0.4"]);
  }, 120_000);

  it.each([
    ["a model that is not there", ["--model", "no-such-model"], /no-such-model.*does not exist/],
    ["a sparsity of one", ["--sparsity", "1"], /not a share between 0 and 1/],
    ["a tokenizer that GGUF cannot hold", ["--model", lowercased, "--export", "gguf"], /Export 'native', 'uniform'/],
    ["a metric that nobody knows", ["--metrics", "no_such_metric"], /no_such_metric/],
  ])("ends with code 2 for %s", async (_name, flags, message) => {
    const failure = await prune(join(scratch, "bad"), ...flags).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(message) });
  });
});

describe("espalier", () => {
  it("ends with code 3 when no service answers", async () => {
    const failure = await espalier("jobs", "--url", "http://127.0.0.1:9").catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 3, stderr: expect.stringContaining("espalier up") });
  });

  it("doctor lists the execution providers of this machine, and what the others lack", async () => {
    const { stdout } = await espalier("doctor", "--json");
    const { execution_providers: there, missing_providers: missing, hub } = JSON.parse(stdout);
    expect(there).toContain("cpu");
    expect(hub).toContain("closed by ESPALIER_HUB");
    expect([...there, ...Object.keys(missing)].sort()).toEqual(["cpu", "cuda", "webgpu"]);
  });
});
