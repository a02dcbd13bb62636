import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  loadTokenizer,
  ngramOverlap,
  resolveSplits,
  splitOverlaps,
  type Tokenizer,
  windowReader,
} from "@espalier/model";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { ngramHash } from "../src/corpus/contamination/ngram-hash.js";
import { examples, stories260K } from "./support/model-files.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const train = join(examples.corpora, "tinystories-train.txt");
const valid = join(examples.corpora, "tinystories-valid.txt");

/** Few different tokens, so that n-grams are shared by chance. */
const tokens = (options: { min?: number; max?: number } = {}) =>
  fc
    .array(fc.integer({ min: options.min ?? 0, max: options.max ?? 2 }), { maxLength: 40 })
    .map((ids) => Int32Array.from(ids));
const windowsOf = (options = {}) => fc.array(tokens(options), { maxLength: 6 });
const n = fc.integer({ min: 1, max: 5 });

const texts = (window: Int32Array, size: number): string[] =>
  Array.from({ length: Math.max(0, window.length - size + 1) }, (_, at) => window.slice(at, at + size).join(" "));

describe("overlap by n-grams", () => {
  it("is what comparing every n-gram with every other gives", () => {
    fc.assert(
      fc.property(windowsOf(), windowsOf(), n, (windows, other, size) => {
        const known = new Set(texts(Int32Array.from(other.flatMap((window) => [...window])), size));
        const counts = windows.map((window) => texts(window, size).map((text) => known.has(text)));
        const shared = counts.map((hits) => hits.filter(Boolean).length);
        expect(ngramOverlap(windows, [other], size)).toEqual({
          ngrams: counts.flat().length,
          shared: shared.reduce((sum, hits) => sum + hits, 0),
          windows: windows.length,
          touched: shared.filter((hits) => hits > 0).length,
          repeated: shared.filter((hits, w) => hits > 0 && 2 * hits >= counts[w].length).length,
        });
      }),
    );
  });

  it("stays within its bounds", () => {
    fc.assert(
      fc.property(windowsOf(), windowsOf(), n, (windows, other, size) => {
        const overlap = ngramOverlap(windows, [other], size);
        expect(overlap.shared).toBeLessThanOrEqual(overlap.ngrams);
        expect(overlap.repeated).toBeLessThanOrEqual(overlap.touched);
        expect(overlap.touched).toBeLessThanOrEqual(Math.min(overlap.windows, overlap.shared));
      }),
    );
  });

  it("finds one text in the other just when it finds the other in the one", () => {
    fc.assert(
      fc.property(tokens(), tokens(), n, (one, other, size) => {
        const there = ngramOverlap([one], [[other]], size);
        const back = ngramOverlap([other], [[one]], size);
        expect(there.touched).toBe(back.touched);
      }),
    );
  });

  it("is none between texts of different tokens, and whole between equal ones", () => {
    fc.assert(
      fc.property(windowsOf(), windowsOf({ min: 3, max: 9 }), n, (windows, other, size) => {
        expect(ngramOverlap(windows, [other], size)).toMatchObject({ shared: 0, touched: 0, repeated: 0 });
        const itself = ngramOverlap(windows, [other, windows], size);
        const long = windows.filter((window) => window.length >= size).length;
        expect(itself).toMatchObject({ shared: itself.ngrams, touched: long, repeated: long });
      }),
    );
  });

  it("finds n-grams across the borders of windows of a source, but not across sources", () => {
    const window = Int32Array.of(1, 2, 3, 4);
    const [left, right] = [Int32Array.of(0, 1, 2), Int32Array.of(3, 4, 0)];
    expect(ngramOverlap([window], [[left, right]], 4).shared).toBe(1);
    expect(ngramOverlap([window], [[left], [right]], 4).shared).toBe(0);
  });

  it("counts over more n-grams than it looks for at once", () => {
    const length = 360_000;
    const windows = [0, 1, 2].map((w) => Int32Array.from({ length }, (_, i) => w * length + i));
    const late = Int32Array.from({ length }, (_, i) => length / 3 + i);
    const overlap = ngramOverlap(windows, [[late]], 13);
    expect(overlap).toEqual({ ngrams: 3 * (length - 12), shared: length - 24, windows: 3, touched: 2, repeated: 1 });
  });

  it("tells a quarter of a million n-grams apart", () => {
    const ids = Int32Array.from({ length: 250_012 }, (_, i) => (i % 4) ^ ((i * i) % 7 > 3 ? 1 : 0) ^ (i >> 2));
    const different = new Set(texts(ids, 13)).size;
    expect(new Set(Array.from({ length: 250_000 }, (_, at) => ngramHash(ids, at, 13))).size).toBe(different);
  });

  it("refuses n-grams of no tokens", () => {
    expect(() => ngramOverlap([], [], 0)).toThrow(RangeError);
  });
});

describe("overlap of the three texts", () => {
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    tokenizer = await loadTokenizer(stories260K);
  });

  const requests = (report: string, skipWindows?: number) => ({
    calibration: { corpusPath: train, windows: 64 },
    scoring: [{ corpusPath: valid, windows: 40 }],
    report: { corpusPath: report, windows: 24, skipWindows },
  });

  it("is small between different stories, and worth no warning", async () => {
    const overlaps = splitOverlaps(await resolveSplits(requests(valid), windowReader(tokenizer)));
    expect(overlaps.map(({ split, other }) => `${split} in ${other}`)).toEqual([
      "scoring in calibration",
      "scoring in report",
      "report in calibration",
      "report in scoring",
    ]);
    for (const { n: size, share, warning } of overlaps) {
      expect(size).toBe(13);
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThan(0.1);
      expect(warning).toBeNull();
    }
  });

  it("is warned of when the report repeats the scoring text in windows that are cut elsewhere", async () => {
    const path = join(await temporaryFolder(), "shifted.txt");
    await writeFile(path, `And so it was. ${(await readFile(valid, "utf8")).slice(0, 30_000)}`);
    const overlaps = splitOverlaps(await resolveSplits(requests(path, 0), windowReader(tokenizer)));
    const scoring = overlaps.find(({ split, other }) => split === "report" && other === "scoring");
    expect(scoring).toMatchObject({ windows: 24, windows_repeated: 24, windows_touched: 24 });
    expect(scoring?.share).toBeGreaterThan(0.97);
    expect(scoring?.warning).toMatch(/^24 of 24 report windows share at least half of their 13-grams with the scoring/);
    expect(overlaps.filter(({ warning }) => warning !== null)).toHaveLength(1);
  });

  it("takes shorter n-grams when windows are shorter", async () => {
    const split = { corpusPath: valid, windows: 8, sequenceLength: 8 };
    const splits = await resolveSplits({ ...requests(valid), scoring: split }, windowReader(tokenizer));
    expect(new Set(splitOverlaps(splits).map((overlap) => overlap.n))).toEqual(new Set([8]));
  });
});
