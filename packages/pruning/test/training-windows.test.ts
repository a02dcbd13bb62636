import type { WindowReader } from "@espalier/model";
import { describe, expect, it } from "vitest";
import { trainingWindows } from "../src/search-context/training-windows.js";

/** A text whose tokens are their places; so many tokens. */
const reader = (tokens: number): WindowReader => ({
  count: async (_path, length, atMost) => Math.min(atMost, Math.floor(tokens / length)),
  cut: async ({ sequenceLength, skipWindows, windows }) =>
    Array.from({ length: windows }, (_, w) =>
      Int32Array.from({ length: sequenceLength }, (__, t) => (skipWindows + w) * sequenceLength + t),
    ),
});
const split = (skip_windows: number, windows: number, sequence_length: number) => ({
  corpus: "c",
  ...{ skip_windows, windows, sequence_length },
});
const starts = (windows: readonly Int32Array[]): number[] => windows.map(([first]) => first);

describe("windows to train on", () => {
  it("leave out every window that shares a token with a held split of the same file", async () => {
    const held = [
      { path: "/a", split: split(2, 1, 6) }, // tokens 12 to 18: windows 3 and 4 of four tokens
      { path: "/b", split: split(0, 5, 6) },
    ];
    const place = { path: "/a", sequenceLength: 4 };
    const found = await trainingWindows({ reader: reader(30), place, held, others: [], atMost: 4 });
    expect(starts(found)).toEqual([0, 4, 8, 20]);
  });

  it("leave out windows that a held text repeats, and stop where the text ends", async () => {
    const place = { path: "/a", sequenceLength: 4 };
    const others = [Int32Array.of(4, 5, 6, 7)];
    const found = await trainingWindows({ reader: reader(18), place, held: [], others, atMost: 100 });
    expect(starts(found)).toEqual([0, 8, 12]);
  });
});
