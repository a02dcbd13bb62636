import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadTokenizer, openModel, readWeights } from "@espalier/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeChoice } from "../src/evaluation/encode-choice.js";
import { openTaskEvaluator } from "../src/evaluation/evaluate-tasks.js";
import { runChoices } from "../src/evaluation/run-choices.js";
import { openScoreCache } from "../src/evaluation/score-cache.js";
import { readTaskFile } from "../src/evaluation/task-file.js";
import { taskMetrics } from "../src/evaluation/task-metrics.js";
import { evaluationTasks } from "../src/evaluation/tasks/registry.js";
import { openForwardPool } from "../src/scoring/forward-pool.js";
import { densePlan } from "../src/units/index.js";
import { type PlainModel, plainScores } from "./plain/zero-shot.js";
import { modelPath } from "./shipped-model.js";

const POSITIONS = 100;

let dir: string;
let model: PlainModel;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "espalier-zero-shot-"));
  const folder = await openModel(modelPath);
  model = {
    // Fewer positions than the model has: what is longer is cut on the left, and the plain run of it takes its time.
    shape: { ...folder.config.shape, maxPositions: POSITIONS },
    weights: await readWeights(folder),
    tokenizer: await loadTokenizer(modelPath),
  };
});
afterAll(() => rm(dir, { recursive: true }));

const story = "Once upon a time, there was a little girl named Lily. She loved to play outside in the ";
const files = {
  lambada: [
    { context: story.trim(), continuation: "park" },
    { context: "Lily and Tom went to the", continuation: "park." },
    { context: "The dog was very \n", continuation: "happy" },
    // Longer than the positions: cut on the left.
    { context: story.repeat(6).trim(), continuation: "park" },
  ],
  copa: [
    { query: "Lily was sad, because", choices: ["she lost her red ball.", "she ate a big sweet cake."], gold: 0 },
    { query: "It started to rain, therefore", choices: ["they swam.", "they went home to play inside."], gold: 1 },
    { query: "Tim saw a big dog, therefore", choices: ["he was scared.", "he slept."], gold: 0 },
  ],
  winogrande: [
    {
      context_options: ["Tom gave Sam a ball, so Tom", "Tom gave Sam a ball, so Sam"],
      continuation: "was happy.",
      gold: 1,
    },
    {
      context_options: ["The mom saw the cat and the mom", "The mom saw the cat and the cat"],
      continuation: "ran.",
      gold: 0,
    },
  ],
} as const;
type Task = keyof typeof files;
const tasks = Object.keys(files) as Task[];

async function fileOf(task: Task): Promise<string> {
  const path = join(dir, `${task}.jsonl`);
  await writeFile(path, files[task].map((record) => JSON.stringify(record)).join("\n"));
  return path;
}

const openEvaluator = async () =>
  openTaskEvaluator({
    ...model,
    biases: false,
    files: await Promise.all(tasks.map(async (task) => readTaskFile({ path: await fileOf(task) }))),
  });

describe("zero-shot tasks", () => {
  it.each(tasks)("%s: batched and padded likelihoods are those of one plain run each", async (task) => {
    const path = await fileOf(task);
    const expected = plainScores(model, task, path, 10);
    const { items } = await readTaskFile({ path });
    const { shape, tokenizer } = model;
    const encoded = items.flatMap(({ choices }) =>
      choices.map((one) => encodeChoice(one, { tokenizer, bos: false, maxPositions: shape.maxPositions })),
    );
    const pool = openForwardPool({ ...model, shape: { ...shape, maxPositions: POSITIONS + 1 }, ranked: true });
    try {
      const scores = await runChoices(pool, { plan: densePlan(shape) }, encoded);
      scores.forEach(({ logLikelihood }, i) => {
        expect(logLikelihood).toBeCloseTo(expected.likelihoods[i], 3);
      });
      const grouped = items.map(({ choices }, i) => scores.slice(i * choices.length, (i + 1) * choices.length));
      for (const { name, value } of taskMetrics(evaluationTasks[task], items, grouped)) {
        expect((value ?? 0) / expected[name]).toBeCloseTo(1, 5);
      }
    } finally {
      await pool.close();
    }
  });

  it("tells progress over all files, and keeps a dense model's scores", async () => {
    const evaluator = await openEvaluator();
    const cacheDir = join(dir, "cache");
    const cache = { store: openScoreCache(cacheDir), keyOf: ({ hash }: { hash: string }) => hash };
    const told: string[] = [];
    const dense = { plan: densePlan(model.shape) };
    try {
      const onProgress = (done: number, of: number) => told.push(`${done}/${of}`);
      const first = await evaluator.evaluate(dense, { cache, onProgress });
      expect(told.at(-1)).toBe("14/14");
      expect(await readdir(cacheDir)).toHaveLength(3);
      expect(first.map(({ task, items }) => [task, items])).toEqual([
        ["lambada", 4],
        ["copa", 3],
        ["winogrande", 2],
      ]);
      const nothing = {
        plan: {
          layers: densePlan(model.shape).layers.map(() => ({ kvGroups: Int32Array.of(), channels: Int32Array.of() })),
        },
      };
      // Read back: a model without blocks scores otherwise.
      expect(await evaluator.evaluate(nothing, { cache })).toEqual(first);
      expect(await evaluator.evaluate(nothing)).not.toEqual(first);
      await writeFile(join(cacheDir, (await readdir(cacheDir))[0]), "[[[");
      expect(await evaluator.evaluate(dense, { cache })).toEqual(first);
    } finally {
      await evaluator.close();
    }
  });

  it("stops where the signal says so", async () => {
    const evaluator = await openEvaluator();
    const abort = new AbortController();
    try {
      const run = evaluator.evaluate(
        { plan: densePlan(model.shape) },
        { signal: abort.signal, onProgress: () => abort.abort() },
      );
      await expect(run).rejects.toThrow(/abort/i);
    } finally {
      await evaluator.close();
    }
  });
});

describe("metrics of a task", () => {
  const item = {
    choices: [" a", " bcd"].map((continuation) => ({ context: "", continuation, length: continuation.length - 1 })),
    gold: 1,
  };
  const score = (logLikelihood: number) => ({ logLikelihood, greedy: false });

  it("divides by characters for acc_norm, and gives the standard error of the mean", () => {
    const scores = [
      [score(-2), score(-3)],
      [score(-2), score(-1)],
      [score(-1), score(-9)],
    ];
    const [norm, plain] = taskMetrics(evaluationTasks.arc_challenge, [item, item, item], scores);
    expect(norm).toEqual({ name: "acc_norm", value: 2 / 3, stderr: expect.closeTo(Math.sqrt(2 / 9 / 2), 12) });
    expect(plain).toMatchObject({ name: "acc", value: 1 / 3 });
  });

  it("gives no number where a likelihood is not finite, and no error for one item", () => {
    expect(taskMetrics(evaluationTasks.piqa, [item], [[score(-1), score(Number.NaN)]])[0].value).toBeNull();
    expect(taskMetrics(evaluationTasks.piqa, [item], [[score(-1), score(-2)]])[0]).toEqual({
      name: "acc",
      value: 0,
      stderr: null,
    });
  });
});
