import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadTokenizer, openModel, readWeights } from "@espalier/model";
import { describe, expect, it } from "vitest";
import { encodeChoice } from "../src/evaluation/encode-choice.js";
import { openTaskEvaluator } from "../src/evaluation/evaluate-tasks.js";
import { runChoices } from "../src/evaluation/run-choices.js";
import { readTaskFile } from "../src/evaluation/task-file.js";
import { openForwardPool } from "../src/scoring/forward-pool.js";
import { densePlan } from "../src/units/index.js";

const shared = fileURLToPath(new URL("../../../../shared/data/", import.meta.url));

/**
 * First items of each file on stories3M, from `plain/zero-shot.ts`, which takes minutes: metrics, and the sum of all
 * log-likelihoods.
 */
const golden = [
  ["boolq", 4, { acc: 0.5 }, -78.66814276038262],
  ["piqa", 8, { acc: 0.375, acc_norm: 0.375 }, -1893.324961853016],
  ["winogrande", 12, { acc: 7 / 12 }, -830.2818296159849],
  ["arc_easy", 8, { acc: 0.375, acc_norm: 0.25 }, -1663.5930512054229],
  ["arc_challenge", 8, { acc_norm: 0.125, acc: 0.25 }, -1793.4565737312362],
  ["hellaswag.val-subset", 6, { acc_norm: 1 / 3, acc: 1 / 3 }, -2737.494382756642],
  ["openbook_qa", 8, { acc_norm: 0.25, acc: 0 }, -868.2570320689489],
  ["lambada_openai", 12, { acc: 1 / 6, perplexity: 1994.9206333612722 }, -91.18031454907565],
  ["copa", 16, { acc: 0.375 }, -1409.6636673246578],
] as const;

// The task files lie beside the repository; a clone without them has `zero-shot.test.ts`.
describe.skipIf(!existsSync(join(shared, "tasks")))("zero-shot tasks on stories3M (../shared/data/tasks)", () => {
  it("gives the golden accuracies and likelihoods", async () => {
    const path = join(shared, "models/stories3M");
    const folder = await openModel(path);
    const { shape } = folder.config;
    const model = { shape, weights: await readWeights(folder), tokenizer: await loadTokenizer(path) };
    const files = await Promise.all(
      golden.map(([file, limit]) => readTaskFile({ path: join(shared, `tasks/${file}.jsonl`), limit })),
    );
    const evaluator = openTaskEvaluator({ ...model, biases: false, files });
    const pool = openForwardPool({ ...model, shape: { ...shape, maxPositions: shape.maxPositions + 1 }, ranked: true });
    const dense = { plan: densePlan(shape) };
    try {
      const results = await evaluator.evaluate(dense);
      for (const [i, [, items, metrics, sum]] of golden.entries()) {
        expect(results[i].items).toBe(items);
        const found = Object.fromEntries(results[i].metrics.map(({ name, value }) => [name, value]));
        for (const [name, value] of Object.entries(metrics)) expect((found[name] ?? 0) - value).toBeCloseTo(0, 2);
        expect(Object.keys(found)).toEqual(Object.keys(metrics));
        const encoding = { tokenizer: model.tokenizer, bos: false, maxPositions: shape.maxPositions };
        const choices = files[i].items.flatMap((item) => item.choices.map((one) => encodeChoice(one, encoding)));
        const scores = await runChoices(pool, dense, choices);
        expect(scores.reduce((total, { logLikelihood }) => total + logLikelihood, 0) / sum).toBeCloseTo(1, 5);
      }
    } finally {
      await evaluator.close();
      await pool.close();
    }
  });

  it("reads every record of every file", async () => {
    const files = golden.map(([file]) => file);
    const read = await Promise.all(files.map((file) => readTaskFile({ path: join(shared, `tasks/${file}.jsonl`) })));
    expect(read.map(({ items }) => items.length)).toEqual([2180, 1226, 845, 1584, 782, 650, 334, 3436, 67]);
  });
});
