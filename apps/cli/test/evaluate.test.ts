import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EvaluateOutcome } from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runEspalier } from "./support/run-espalier.js";

const model = fileURLToPath(new URL("../../../examples/models/stories260K", import.meta.url));
const corpus = fileURLToPath(new URL("../../../examples/corpora/tinystories-valid.txt", import.meta.url));
const record = { goal: "dry a shirt", sol1: "hang it", sol2: "wet it", label: 0 };

let dir: string;
let tasks: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "espalier-evaluate-"));
  tasks = join(dir, "piqa.jsonl");
  await writeFile(tasks, `${JSON.stringify(record)}\n${JSON.stringify(record)}\n{"goal": 3}\n`);
});
afterAll(() => rm(dir, { recursive: true }));

const evaluate = (...flags: string[]) => runEspalier(["evaluate", "--model", model, "--threads", "1", ...flags], {});

describe("espalier evaluate", { timeout: 180_000 }, () => {
  it("measures tasks, perplexity, latency and memory of two folders side by side", async () => {
    const measured = ["--tasks", tasks, "--task-limit", "2", "--perplexity", corpus, "--windows", "2"];
    const timed = ["--latency", "--latency-rounds", "4", "--latency-tokens", "16"];
    const { stdout } = await evaluate("--against", model, ...measured, ...timed, "--json");
    const { models }: EvaluateOutcome = JSON.parse(stdout);
    expect(models).toHaveLength(2);
    for (const { tasks: asked, perplexity, latency } of models) {
      expect(asked).toEqual(models[0]?.tasks);
      expect(asked[0]?.metrics.map(({ name }) => name)).toEqual(["acc", "acc_norm"]);
      expect(perplexity).toEqual([expect.objectContaining({ windows: 2, protocol: "windows" })]);
      expect(latency?.prefill_seconds).toBeGreaterThan(0);
      expect(latency?.peak_rss_bytes).toBeGreaterThan(20e6);
    }
    expect(models.map(({ latency }) => latency?.ratio === null)).toEqual([true, false]);
  });

  it("prints tables for people", async () => {
    const { stdout } = await evaluate("--tasks", tasks, "--task-limit", "1", "--latency", "--latency-rounds", "2");
    expect(stdout).toMatch(/piqa, acc_norm +│ +1 │/);
    expect(stdout).toMatch(/prompt of 128 tokens, ms/);
  });

  it("ends with 2 for what cannot be measured, and says the line", async () => {
    await expect(evaluate()).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(/--tasks, --perplexity/) });
    await expect(evaluate("--tasks", tasks)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/'piqa\.jsonl' is no piqa record in line 3/),
    });
    await expect(evaluate("--perplexity", "nowhere.txt")).rejects.toMatchObject({ code: 2 });
  });
});
