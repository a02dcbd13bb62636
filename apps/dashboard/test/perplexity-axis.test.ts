import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { roundTicks } from "../src/charts/ticks.js";

describe("round ticks", () => {
  it("are at equal distances, or at factors over many powers of ten", () => {
    expect(roundTicks(25.1, 40.3, 6, "log")).toEqual([30, 35, 40].filter((tick) => tick % 5 === 0));
    expect(roundTicks(0, 1, 5, "linear")).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(roundTicks(3, 4000, 12, "log")).toEqual([5, 10, 20, 50, 100, 200, 500, 1000, 2000]);
    expect(roundTicks(3, 4000, 4, "log")).toEqual([10, 100, 1000]);
    expect(roundTicks(7, 7, 4, "log")).toEqual([7]);
  });

  it("lie within the range, ascending, and are not many more than wished", () => {
    const range = fc.record({
      low: fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
      factor: fc.double({ min: 1.001, max: 1e6, noNaN: true }),
      count: fc.integer({ min: 2, max: 12 }),
      scale: fc.constantFrom("log" as const, "linear" as const),
    });
    fc.assert(
      fc.property(range, ({ low, factor, count, scale }) => {
        const ticks = roundTicks(low, low * factor, count, scale);
        expect(ticks.length).toBeLessThanOrEqual(count + 1);
        expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b));
        for (const tick of ticks) {
          expect(tick).toBeGreaterThanOrEqual(low * (1 - 1e-6));
          expect(tick).toBeLessThanOrEqual(low * factor * (1 + 1e-6));
        }
      }),
    );
  });
});
