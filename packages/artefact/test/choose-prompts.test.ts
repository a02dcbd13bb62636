import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { choosePrompts } from "../src/text/choose-prompts.js";

/** One token a character. */
const decode = (ids: readonly number[]): string => String.fromCharCode(...ids);
const idsOf = (text: string): Int32Array => Int32Array.from(text, (letter) => letter.charCodeAt(0));
const chosen = (windows: readonly string[], count = 3, most = 10): string[] =>
  choosePrompts(windows.map(idsOf), { count, most, decode }).map(decode);

describe("prompts", () => {
  it("begin with a sentence and end with a word", () => {
    expect(chosen(["end of it. A day began with rain and more"], 1)).toEqual([" A day"]);
    expect(chosen(['he said "no!" Then they all went home again'], 1)).toEqual([" Then they"]);
  });

  it("begin where the window does when no sentence leaves room", () => {
    expect(chosen(["one two three four five. Six"], 1)).toEqual(["one two"]);
    expect(chosen(["abcdefghijklmnop"], 1)).toEqual(["abcdefghij"]);
  });

  it("come from windows at equal distances, one of each, and from fewer windows are fewer", () => {
    const windows = ["aaaa b", "bbbb b", "cccc b", "dddd b", "eeee b", "ffff b"];
    expect(chosen(windows).map(([first]) => first)).toEqual(["a", "c", "e"]);
    expect(chosen(["aaaa b"])).toHaveLength(1);
    expect(chosen([])).toEqual([]);
  });

  it("are parts of their windows, at most as long as asked, never empty", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "B", " ", ".", '"'), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 20 }), (window, most) => {
        const prompts = chosen([window], 1, most);
        expect(prompts).toHaveLength(window === "" ? 0 : 1);
        for (const prompt of prompts) {
          expect(window).toContain(prompt);
          expect(prompt.length).toBeGreaterThan(0);
          expect(prompt.length).toBeLessThanOrEqual(most);
        }
      }),
    );
  });
});
