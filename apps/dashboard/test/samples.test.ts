import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkSentences } from "../src/pages/job/artefacts/check-sentences.js";
import { firstDifference } from "../src/pages/job/comparison/first-difference.js";

describe("two texts", () => {
  it("are divided before the first word that differs, not inside of it", () => {
    expect(firstDifference(" a little girl", " a little girly cat")).toEqual({
      same: " a little",
      first: " girl",
      second: " girly cat",
      words: 2,
    });
    expect(firstDifference("", " one")).toEqual({ same: "", first: "", second: " one", words: 0 });
  });

  it("are whole again when their parts are joined, whatever they hold", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", " ", "\n", "é", "🙂") });
    fc.assert(
      fc.property(text, text, text, (begin, left, right) => {
        const divided = firstDifference(begin + left, begin + right);
        expect(divided.same + divided.first).toBe(begin + left);
        expect(divided.same + divided.second).toBe(begin + right);
      }),
    );
  });

  it("that are the same have nothing left", () => {
    expect(firstDifference("one two ", "one two ")).toEqual({ same: "one two ", first: "", second: "", words: 3 });
  });
});

describe("what was checked of an export", () => {
  it("is said of each file and each runtime", () => {
    const sentences = checkSentences({
      files: [
        { file: "model-F16.gguf", loss_difference: 3e-8 },
        { file: "model-Q8_0.gguf", loss_difference: 0.0012 },
      ],
      runtime: "llama.cpp 1.2",
      results: [{ file: "model-F16.gguf", positions: 32, largest_difference: 0.02, logit_span: 20, same_token: 1 }],
      missing: null,
    });
    expect(sentences.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(sentences[0]?.sentence).toContain("less than 0.001 %");
    expect(sentences[1]?.sentence).toContain("0.12 %");
    expect(sentences[2]?.sentence).toContain(
      "logits within 0.1 % of their range, the same likeliest token at 100 % of 32",
    );
  });

  it("admits that no other runtime was asked", () => {
    const none = { files: [], runtime: null, results: [], missing: "no other runtime reads this form" };
    expect(checkSentences(none)).toEqual([
      { ok: false, sentence: "Not run in another runtime: no other runtime reads this form." },
    ]);
  });
});
