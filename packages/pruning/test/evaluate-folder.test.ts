import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EvaluateRequest } from "@espalier/contracts";
import { loadTokenizer, openModel, readWeights } from "@espalier/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluateFolder } from "../src/evaluation/evaluate-folder.js";
import { compareLatency } from "../src/evaluation/latency.js";
import { openPrefill } from "../src/evaluation/prefill.js";
import { plainLosses } from "./plain/llama-losses.js";
import { corpusPath, modelPath } from "./shipped-model.js";

const [LENGTH, WINDOWS] = [24, 3];
const execution = { threads: 1, provider: "cpu" } as const;

let dir: string;
let text: string;
const documents: string[] = [];
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "espalier-evaluate-"));
  const all = await readFile(corpusPath, "utf8");
  for (let at = 0; at < 6; at++) documents.push(all.slice(at * 200, at * 200 + 90).trim());
  text = join(dir, "text.jsonl");
  await writeFile(text, documents.map((document) => JSON.stringify({ text: document })).join("\n"));
});
afterAll(() => rm(dir, { recursive: true }));

const request = (changes: Partial<EvaluateRequest>): EvaluateRequest => ({
  ...{ models: [modelPath], tasks: [], addBos: false, perplexity: [], ...execution },
  ...changes,
});

/** exp of the mean loss over the first windows of a row of tokens, one plain run each. */
async function plainPerplexity(ids: readonly number[]): Promise<number> {
  const folder = await openModel(modelPath);
  const weights = await readWeights(folder);
  const losses = Array.from({ length: WINDOWS }, (_, w) =>
    plainLosses(folder.config.shape, weights, ids.slice(w * LENGTH, (w + 1) * LENGTH)).map(({ nll }) => nll),
  ).flat();
  return Math.exp(losses.reduce((sum, loss) => sum + loss, 0) / losses.length);
}

describe("a folder evaluated alone", () => {
  it("has the perplexities of both protocols as plain runs give them", async () => {
    const tokenizer = await loadTokenizer(modelPath);
    const bare = (document: string): number[] => [...tokenizer.encode(document, { bos: false })];
    const bos = Number(tokenizer.bosId);
    const rows = {
      windows: documents.flatMap((document) => [bos, ...bare(document)]),
      // One text with one BOS, as LLM-Pruner's loader encodes it.
      llm_pruner: [bos, ...bare(documents.join("\n\n"))],
    };
    for (const protocol of ["windows", "llm_pruner"] as const) {
      const perplexity = [{ path: text, protocol, sequenceLength: LENGTH, windows: WINDOWS }];
      const [found] = (await evaluateFolder(modelPath, request({ perplexity }))).perplexity;
      expect(found).toMatchObject({ file: "text.jsonl", protocol, predicted_tokens: WINDOWS * (LENGTH - 1) });
      const expected = await plainPerplexity(rows[protocol]);
      expect((found.value ?? 0) / expected).toBeCloseTo(1, 5);
      const [low, high] = found.interval ?? [0, 0];
      expect(low).toBeLessThanOrEqual(expected);
      expect(high).toBeGreaterThanOrEqual(expected);
    }
  });

  it("reads all windows where no number is given, and names its parameters", async () => {
    const perplexity = [{ path: text, protocol: "windows" as const, sequenceLength: LENGTH }];
    const told: string[] = [];
    const found = await evaluateFolder(modelPath, request({ perplexity }), {
      onProgress: ({ stage, done, of }) => told.push(`${stage} ${done}/${of}`),
    });
    expect(found).toMatchObject({ model: "stories260K", parameters: 260_032, tasks: [] });
    const { windows } = found.perplexity[0];
    expect(windows).toBeGreaterThan(WINDOWS);
    expect(told.at(-1)).toBe(`perplexity ${windows}/${windows}`);
  });

  it("answers zero-shot tasks, with BOS where it is asked for", async () => {
    const path = join(dir, "copa.jsonl");
    const record = { query: "Lily was sad, because", choices: ["her toy broke.", "she won a cake."], gold: 0 };
    await writeFile(path, JSON.stringify(record));
    const [found] = (await evaluateFolder(modelPath, request({ tasks: [{ path }], addBos: true }))).tasks;
    expect(found).toMatchObject({ task: "copa", items: 1, metrics: [{ name: "acc", stderr: null }] });
  });
});

describe("latency", () => {
  it("compares models within rounds, so that a slow machine slows all alike", async () => {
    let [calls, round] = [0, 0];
    const seconds = (own: number) => async () => {
      // Every two calls are a round; later rounds are ten times as slow.
      round = Math.floor(calls++ / 2);
      return own * (round % 5 === 0 ? 10 : 1);
    };
    const options = { rounds: 40, seed: 1 };
    const [dense, pruned] = await compareLatency([seconds(2), seconds(1)], options);
    expect(dense).toMatchObject({ seconds: 2, ratio: null, ratioInterval: null });
    expect(pruned.ratio).toBe(0.5);
    expect(pruned.ratioInterval).toEqual([0.5, 0.5]);
    expect(pruned.interval[0]).toBe(1);
  });

  it("leaves out the first runs, tells rounds, and stops by the signal", async () => {
    const taken = [9, 9, 9, 1, 2, 3];
    const told: number[] = [];
    const [only] = await compareLatency([async () => taken.shift() ?? 0], {
      ...{ rounds: 3, seed: 0 },
      onProgress: (round) => told.push(round),
    });
    expect(only.seconds).toBe(2);
    expect(told).toEqual([1, 2, 3]);
    const signal = AbortSignal.abort();
    await expect(compareLatency([async () => 1], { rounds: 3, seed: 0, signal })).rejects.toThrow(/abort/i);
    await expect(compareLatency([], { rounds: 1, seed: 0 })).rejects.toThrow(/1 rounds; at least 2/);
  });

  it("times prompts of an opened folder", async () => {
    const prefill = await openPrefill(modelPath, 16, execution);
    let clock = 0;
    try {
      expect(await prefill.run(() => (clock += 500))).toBe(0.5);
    } finally {
      await prefill.close();
    }
    await expect(openPrefill(modelPath, 513, execution)).rejects.toThrow(/2 to 512 tokens/);
  });
});
