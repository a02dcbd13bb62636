import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EvaluationTaskName } from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readTaskFile } from "../src/evaluation/task-file.js";
import { taskOfFile } from "../src/evaluation/tasks/registry.js";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "espalier-tasks-"));
});
afterAll(() => rm(dir, { recursive: true }));

async function read(task: EvaluationTaskName, records: readonly unknown[]) {
  const path = join(dir, `${task}.jsonl`);
  await writeFile(path, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  return await readTaskFile({ path });
}

const labelled = (text: readonly string[], label: readonly string[]) => ({ text, label });

/** The same question in the schema of its dataset and in that of llm-foundry, and what the harness asks. */
const cases: readonly (readonly [EvaluationTaskName, unknown, unknown, readonly string[], number])[] = [
  [
    "boolq",
    { passage: "Cats purr.", question: "do cats purr", label: 1 },
    { query: "Passage: Cats purr.\nQuestion: do cats purr?\n", choices: ["no", "yes"], gold: 1 },
    ["Cats purr.\nQuestion: do cats purr?\nAnswer:| no", "Cats purr.\nQuestion: do cats purr?\nAnswer:| yes"],
    1,
  ],
  [
    "piqa",
    { goal: "dry a shirt", sol1: "hang it", sol2: "wet it", label: 0 },
    { query: "Question: dry a shirt\n", choices: ["hang it", "wet it"], gold: 0 },
    ["Question: dry a shirt\nAnswer:| hang it", "Question: dry a shirt\nAnswer:| wet it"],
    0,
  ],
  [
    "winogrande",
    { sentence: "Tom beat Jim so _ was glad.", option1: "Tom", option2: "Jim", answer: "1" },
    { context_options: ["Tom beat Jim so Tom", "Tom beat Jim so Jim"], continuation: "was glad.", gold: 0 },
    ["Tom beat Jim so Tom| was glad.", "Tom beat Jim so Jim| was glad."],
    0,
  ],
  ...(["arc_easy", "arc_challenge"] as const).map(
    (task) =>
      [
        task,
        { question: "What is hot?", choices: labelled(["ice", "fire"], ["1", "2"]), answerKey: "2" },
        { query: "Question: What is hot?", choices: ["ice", "fire"], gold: 1 },
        ["Question: What is hot?\nAnswer:| ice", "Question: What is hot?\nAnswer:| fire"],
        1,
      ] as const,
  ),
  [
    "openbookqa",
    { question_stem: "Birds", choices: labelled(["fly", "bark"], ["A", "B"]), answerKey: " A" },
    { query: "Birds", choices: ["fly", "bark"], gold: 0 },
    ["Birds| fly", "Birds| bark"],
    0,
  ],
  [
    "hellaswag",
    {
      activity_label: "Baking",
      ctx_a: "[header] How to bake [title] Mix it.",
      ctx_b: "then a BOY",
      endings: ["waits. [substeps]", "leaves."],
      label: "1",
    },
    { query: "Baking: How to bake. Mix it. Then a boy", choices: ["waits. ", "leaves."], gold: 1 },
    ["Baking: How to bake. Mix it. Then a boy| waits. ", "Baking: How to bake. Mix it. Then a boy| leaves."],
    1,
  ],
  [
    "lambada",
    { text: "He said\nhello there" },
    { context: "He said\nhello", continuation: "there" },
    ["He said\nhello| there"],
    0,
  ],
  [
    "copa",
    { premise: "It rained.", choice1: "We swam.", choice2: "We hid.", question: "effect", label: 1 },
    { query: "It rained, therefore", choices: ["We swam.", "We hid."], gold: 1 },
    ["It rained therefore| We swam.", "It rained therefore| We hid."],
    1,
  ],
];

describe("task files", () => {
  it.each(cases)(
    "%s asks as the harness does, from either schema",
    async (task, original, reformatted, asked, gold) => {
      const one = await read(task, [original]);
      expect(one.items[0].choices.map(({ context, continuation }) => `${context}|${continuation}`)).toEqual(asked);
      expect(one.items[0].gold).toBe(gold);
      const other = await read(task, [reformatted]);
      expect(other.items).toEqual(one.items);
      expect(other.hash).toBe(one.hash);
    },
  );

  it("counts characters, not code units, of an answer without the space before it", async () => {
    const { items } = await read("copa", [{ query: "x", choices: ["a🙂é", "b"], gold: 0 }]);
    expect(items[0].choices.map(({ length }) => length)).toEqual([3, 1]);
  });

  it("says line and fields of a record that it cannot read, and of a gold index that names nothing", async () => {
    const good = { query: "x", choices: ["a", "b"], gold: 0 };
    await expect(read("copa", [good, { ...good, gold: 2 }])).rejects.toMatchObject({
      code: "CORPUS_MALFORMED",
      message: expect.stringMatching(/'copa\.jsonl' is no copa record in line 2: one has premise, .* or query/),
    });
    await expect(read("copa", [])).rejects.toMatchObject({ message: expect.stringMatching(/has no records/) });
  });

  it("reads as many records as the limit says, and nothing behind them", async () => {
    const path = join(dir, "piqa.jsonl");
    await writeFile(path, `${JSON.stringify({ goal: "g", sol1: "a", sol2: "b", label: 1 })}\nnot json\n`);
    expect((await readTaskFile({ path, limit: 1 })).items).toHaveLength(1);
    await expect(readTaskFile({ path })).rejects.toMatchObject({ message: expect.stringMatching(/line 2/) });
  });

  it("knows the task by the file's name, or is told it", async () => {
    const names = ["hellaswag.val-subset.jsonl", "ARC-Easy.jsonl", "openbook_qa.jsonl", "lambada_openai.jsonl"];
    expect(names.map(taskOfFile)).toEqual(["hellaswag", "arc_easy", "openbookqa", "lambada"]);
    expect(taskOfFile("arc_charm.jsonl")).toBeUndefined();
    const path = join(dir, "questions.jsonl");
    await writeFile(path, JSON.stringify({ text: "a b" }));
    await expect(readTaskFile({ path })).rejects.toMatchObject({
      message: expect.stringMatching(/one of boolq, piqa/),
    });
    expect((await readTaskFile({ path, task: "lambada" })).task).toBe("lambada");
  });
});
