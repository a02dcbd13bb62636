import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadTokenizer, planSplits, resolveSplits, windowHash, windowReader } from "@espalier/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { examples, stories260K } from "./support/model-files.js";
import { refusal } from "./support/refusal.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const train = join(examples.corpora, "tinystories-train.txt");
const valid = join(examples.corpora, "tinystories-valid.txt");

/** Counts windows of corpora of the given numbers of tokens, without files. */
const corpora = (tokens: Record<string, number>) => async (path: string, length: number, atMost: number) =>
  Math.min(atMost, Math.floor((tokens[path] ?? 0) / length));

const sizes = (planned: Awaited<ReturnType<typeof planSplits>>) =>
  planned.map(({ split, skipWindows, windows }) => [split, skipWindows, windows]);

describe("the plan of the three texts", () => {
  it("defaults to one corpus: 256, 160 and 96 windows of 128 tokens behind one another", async () => {
    const planned = await planSplits({ calibration: { corpusPath: "a" } }, corpora({ a: 1e6 }));
    expect(sizes(planned)).toEqual([
      ["calibration", 0, 256],
      ["scoring", 256, 160],
      ["report", 416, 96],
    ]);
    expect(planned[0]).toMatchObject({ sequenceLength: 128, weight: 1, pointer: "/calibration" });
  });

  it("lowers all defaulted sizes in proportion when the corpus is short", async () => {
    const planned = await planSplits({ calibration: { corpusPath: "a" } }, corpora({ a: 128 * 256 }));
    expect(sizes(planned)).toEqual([
      ["calibration", 0, 128],
      ["scoring", 128, 80],
      ["report", 208, 48],
    ]);
  });

  it("keeps the sizes that were given and lowers the others", async () => {
    const requests = { calibration: { corpusPath: "a", windows: 100 } };
    expect(sizes(await planSplits(requests, corpora({ a: 128 * 228 })))).toEqual([
      ["calibration", 0, 100],
      ["scoring", 100, 80],
      ["report", 180, 48],
    ]);
  });

  it("never lowers a defaulted size below 8", async () => {
    expect(sizes(await planSplits({ calibration: { corpusPath: "a" } }, corpora({ a: 128 * 30 })))).toHaveLength(3);
    const error = await refusal(planSplits({ calibration: { corpusPath: "a" } }, corpora({ a: 128 * 23 })));
    expect(error.code).toBe("CORPUS_TOO_SHORT");
  });

  it("refuses sizes that were given and are not there, with a pointer", async () => {
    const requests = { calibration: { corpusPath: "a" }, scoring: [{ corpusPath: "b", windows: 50 }] };
    const error = await refusal(planSplits(requests, corpora({ a: 1e6, b: 128 * 49 })));
    expect(error.code).toBe("CORPUS_TOO_SHORT");
    expect(error.message).toContain("has 49 windows");
    expect(error.errors).toEqual([{ detail: error.message, pointer: "/scoring/0" }]);
  });

  it("puts a defaulted report behind what scoring takes from the calibration corpus, in its own window length", async () => {
    const requests = {
      calibration: { corpusPath: "a", windows: 10, sequenceLength: 100 },
      scoring: { corpusPath: "a", windows: 3, sequenceLength: 64, skipWindows: 20 },
    };
    const planned = await planSplits(requests, corpora({ a: 1e6 }));
    expect(planned[2]).toMatchObject({ split: "report", sequenceLength: 100, skipWindows: 15, windows: 96 });
  });

  it("puts a named corpus without a place behind what was taken from it before, and keeps a place that is given", async () => {
    const requests = {
      calibration: { corpusPath: "a", windows: 10 },
      scoring: { corpusPath: "a", windows: 5 },
      report: { corpusPath: "a", windows: 5, skipWindows: 0 },
    };
    expect(sizes(await planSplits(requests, corpora({ a: 1e6 })))).toEqual([
      ["calibration", 0, 10],
      ["scoring", 10, 5],
      ["report", 0, 5],
    ]);
  });

  it("always fits, is disjoint where places were left open, and uses what there is", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 24, max: 700 }),
        fc.integer({ min: 2, max: 300 }),
        async (windows, sequenceLength) => {
          const tokens = windows * sequenceLength;
          const planned = await planSplits(
            { calibration: { corpusPath: "a", sequenceLength } },
            corpora({ a: tokens }),
          );
          let position = 0;
          for (const source of planned) {
            expect(source.skipWindows).toBe(position);
            position += source.windows;
          }
          expect(position).toBeLessThanOrEqual(windows);
          expect(position).toBeGreaterThanOrEqual(Math.min(windows, 512) - 3);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("the three texts", () => {
  it("are cut, disjoint, from the shipped corpora", async () => {
    const reader = windowReader(await loadTokenizer(stories260K));
    const splits = await resolveSplits(
      {
        calibration: { corpusPath: train, windows: 64 },
        scoring: { corpusPath: valid, windows: 40 },
        report: { corpusPath: valid, windows: 24, skipWindows: 40 },
      },
      reader,
    );
    expect(splits.report[0]).toMatchObject({ split: "report", skipWindows: 40, windows: 24 });
    const windows = [...splits.calibration, ...splits.scoring, ...splits.report].flatMap(
      (source) => source.tokenWindows,
    );
    expect(new Set(windows.map(windowHash)).size).toBe(128);
  });

  it("are the same at submit and at profile", async () => {
    const tokenizer = await loadTokenizer(stories260K);
    const requests = { calibration: { corpusPath: train, windows: 20 } };
    const once = await resolveSplits(requests, windowReader(tokenizer));
    expect(await resolveSplits(requests, windowReader(tokenizer))).toEqual(once);
  });

  it("are refused where two read the documents of one file with different protocols; a text file is one document", async () => {
    const reader = windowReader(await loadTokenizer(stories260K));
    const folder = await temporaryFolder();
    const documents = join(folder, "documents.jsonl");
    const text = await readFile(valid, "utf8");
    const parts = Array.from({ length: 40 }, (_, i) => JSON.stringify({ text: text.slice(1000 * i, 1000 * (i + 1)) }));
    await writeFile(documents, parts.join("\n"));
    const requests = (path: string) => ({
      calibration: { corpusPath: train, windows: 8 },
      scoring: { corpusPath: path, windows: 8 },
      report: { corpusPath: path, windows: 8, protocol: "llm_pruner" as const },
    });
    const error = await refusal(resolveSplits(requests(documents), reader));
    expect(error).toMatchObject({ code: "SPLITS_OVERLAP", errors: [{ pointer: "/report" }] });
    expect(error.message).toMatch(/'llm_pruner', whose tokens do not line up/);
    const split = await resolveSplits({ ...requests(documents), scoring: { corpusPath: train, windows: 8 } }, reader);
    const [joined] = split.report[0].tokenWindows;
    const [apart] = await reader.cut({ corpusPath: documents, windows: 1, sequenceLength: 128, skipWindows: 0 });
    expect(joined).toEqual(apart); // Within the first document both are alike.
    expect((await resolveSplits(requests(valid), reader)).report[0].protocol).toBe("llm_pruner");
  });

  it("are refused when two take the same tokens of one file, naming both", async () => {
    const reader = windowReader(await loadTokenizer(stories260K));
    const requests = {
      calibration: { corpusPath: train, windows: 32 },
      scoring: { corpusPath: train, windows: 8, skipWindows: 31 },
    };
    const error = await refusal(resolveSplits(requests, reader));
    expect(error.code).toBe("SPLITS_OVERLAP");
    expect(error.message).toMatch(/'calibration'.*'scoring'.*at least 32 windows/);
    expect(error.errors[0]?.pointer).toBe("/scoring");
  });

  it("are refused when they take the same tokens from two copies of a text", async () => {
    const reader = windowReader(await loadTokenizer(stories260K));
    const copy = join(await temporaryFolder(), "copy.txt");
    await cp(train, copy);
    const requests = { calibration: { corpusPath: train, windows: 32 }, scoring: { corpusPath: copy, windows: 16 } };
    const error = await refusal(resolveSplits(requests, reader));
    expect(error.code).toBe("SPLITS_OVERLAP");
    expect(error.message).toMatch(/'calibration' and 'scoring'.*'copy.txt'/);
  });

  it("fall short of a text that is too small for them", async () => {
    const reader = windowReader(await loadTokenizer(stories260K));
    const path = join(await temporaryFolder(), "short.txt");
    await writeFile(path, (await readFile(train, "utf8")).slice(0, 3000));
    expect((await refusal(resolveSplits({ calibration: { corpusPath: path } }, reader))).code).toBe("CORPUS_TOO_SHORT");
  });
});
