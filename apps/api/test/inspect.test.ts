import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createJobBody } from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Inspector, makeInspector } from "../src/inspect/host.js";
import { inspectorEntry, roots, smallJob } from "./support/service.js";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const body = (changes: object = {}) => createJobBody.parse({ ...smallJob, ...changes });

describe("the inspecting child", () => {
  let inspector: Inspector;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "espalier-inspect-"));
    await cp(join(roots.models[0] ?? "", "stories260K"), join(folder, "copy"), { recursive: true });
    const models = [...roots.models, folder];
    inspector = makeInspector({
      entry: inspectorEntry,
      roots: { models, corpora: [...roots.corpora, folder], hubDir: folder },
      log,
    });
  });
  afterAll(async () => {
    await inspector.close();
    await rm(folder, { recursive: true });
  });

  it("settles defaults into a specification without anything of this machine", async () => {
    const { scoring: _scoring, report: _report, ...rest } = smallJob;
    const spec = await inspector.inspect(
      body({ ...rest, scoring: undefined, report: undefined, target: { sparsity: [0.5, 0.2] } }),
    );
    expect(spec.calibration).toEqual({
      corpus: "tinystories-train.txt",
      windows: 16,
      sequence_length: 64,
      skip_windows: 0,
    });
    expect(spec.scoring).toEqual([
      { corpus: "tinystories-train.txt", windows: 160, sequence_length: 64, skip_windows: 16, weight: 1 },
    ]);
    expect(spec.report).toEqual({
      corpus: "tinystories-train.txt",
      windows: 96,
      sequence_length: 64,
      skip_windows: 176,
    });
    expect(spec.target.sparsity).toEqual([0.2, 0.5]);
    expect(JSON.stringify(spec)).not.toContain(roots.models[0]);
  });

  it("places a split that names no start behind the ones before it", async () => {
    const spec = await inspector.inspect(body({ scoring: { windows: 10, sequence_length: 64 } }));
    expect(spec.scoring[0]).toMatchObject({ corpus: "tinystories-train.txt", skip_windows: 16, windows: 10 });
  });

  it("reads every task file, and says where in the body and in the file something is wrong", async () => {
    const record = { goal: "dry a shirt", sol1: "hang it", sol2: "wet it", label: 0 };
    await writeFile(join(folder, "piqa.jsonl"), `${JSON.stringify(record)}\n${JSON.stringify(record)}\n{"goal":1}\n`);
    const tasks = (...asked: unknown[]) => inspector.inspect(body({ evaluation: { tasks: asked, limit: 2 } }));
    const spec = await tasks("piqa", { file: "piqa.jsonl", limit: 1 });
    expect(spec.evaluation_tasks).toEqual([
      { task: "piqa", file: "piqa.jsonl", limit: 2, items: 2, choices: 4, characters: 146 },
      { task: "piqa", file: "piqa.jsonl", limit: 1, items: 1, choices: 2, characters: 73 },
    ]);
    await expect(tasks("piqa.jsonl", { file: "piqa.jsonl", limit: 3 })).rejects.toMatchObject({
      code: "CORPUS_MALFORMED",
      errors: [
        {
          pointer: "/evaluation/tasks/1/file",
          detail: expect.stringMatching(/'piqa\.jsonl' is no piqa record in line 3: one has goal, sol1/),
        },
      ],
    });
    await expect(tasks("nowhere")).rejects.toMatchObject({
      code: "CORPUS_NOT_FOUND",
      errors: [expect.objectContaining({ pointer: "/evaluation/tasks/0" })],
    });
  });

  it("names files given absolutely by their place below the root", async () => {
    const corpus = join(roots.corpora[0] ?? "", "tinystories-train.txt");
    const spec = await inspector.inspect(body({ calibration: { ...smallJob.calibration, corpus } }));
    expect(spec.calibration.corpus).toBe("tinystories-train.txt");
  });

  it("keeps several scoring texts with their weights, in order", async () => {
    const spec = await inspector.inspect(
      body({
        scoring: [
          { corpus: "tinystories-valid.txt", windows: 8, sequence_length: 64, weight: 3 },
          { corpus: "tinystories-train.txt", windows: 10, sequence_length: 32 },
        ],
      }),
    );
    expect(spec.scoring).toEqual([
      { corpus: "tinystories-valid.txt", windows: 8, sequence_length: 64, skip_windows: 0, weight: 3 },
      { corpus: "tinystories-train.txt", windows: 10, sequence_length: 32, skip_windows: 32, weight: 1 },
    ]);
    expect(spec.contamination?.map(({ split, windows }) => [split, windows])).toEqual([
      ["scoring", 18],
      ["scoring", 18],
      ["report", 8],
      ["report", 8],
    ]);
  });

  it("points at the scoring text of a list that is not there", async () => {
    const scoring = [{ windows: 8 }, { corpus: "no-such.txt", windows: 8 }];
    await expect(inspector.inspect(body({ scoring }))).rejects.toMatchObject({
      code: "CORPUS_NOT_FOUND",
      errors: [{ pointer: "/scoring/1/corpus" }],
    });
  });

  it("warns of a report text that repeats the scoring text, cut elsewhere", async () => {
    const text = await readFile(join(roots.corpora[0] ?? "", "tinystories-valid.txt"), "utf8");
    await writeFile(join(folder, "repeated.txt"), `Once. ${text}`);
    const report = { corpus: "repeated.txt", windows: 8, sequence_length: 64, skip_windows: 0 };
    const spec = await inspector.inspect(body({ report }));
    expect(spec.contamination?.map(({ warning }) => warning)).toEqual([
      null,
      null,
      null,
      expect.stringMatching(/^8 of 8 report windows .* with the scoring text/),
    ]);
  });

  it("looks again when a file has changed", async () => {
    const job = body({ model: { path: "copy" } });
    await inspector.inspect(job);
    await writeFile(join(folder, "copy", "config.json"), "{}");
    await expect(inspector.inspect(job)).rejects.toMatchObject({
      code: "MODEL_CONFIG_INVALID",
      errors: [{ pointer: "/model/path" }],
    });
  });

  it("is killed when it takes too long, and another one answers the next question", async () => {
    const hasty = makeInspector({
      entry: inspectorEntry,
      roots: { ...roots, hubDir: folder },
      log,
      timeLimitsMs: { whole: 1 },
    });
    await expect(hasty.inspect(body())).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    await expect(hasty.inspect(body())).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    await hasty.close();
  });

  it("lists models, also broken ones, and corpora", async () => {
    const models = await inspector.listModels();
    expect(models.find(({ name }) => name === "stories260K")).toMatchObject({ family: "llama", error: null });
    expect(models.find(({ name }) => name === "copy")).toMatchObject({ error: { code: "MODEL_CONFIG_INVALID" } });
    expect((await inspector.listCorpora()).map(({ name }) => name)).toContain("tinystories-train.txt");
  });
});
