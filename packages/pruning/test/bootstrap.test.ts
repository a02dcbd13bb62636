import { streamRng } from "@espalier/search";
import { describe, expect, it } from "vitest";
import { bootstrapInterval, relativeImprovement } from "../src/evaluation/bootstrap.js";

const tokens = new Int32Array(40).fill(10);
const baseline = Float64Array.from(tokens, (_, i) => 20 + (i % 7));

describe("paired bootstrap", () => {
  it("gives the improvement itself where every window improves alike", () => {
    const found = baseline.map((x) => x - 1);
    const losses = { found, baseline, tokens };
    expect(relativeImprovement(losses)).toBeCloseTo(1 - Math.exp(-0.1), 12);
    const [low, high] = bootstrapInterval(losses, streamRng(0, 0));
    expect(low).toBeCloseTo(1 - Math.exp(-0.1), 12);
    expect(high).toBeCloseTo(low, 12);
  });

  it("holds the estimate inside, is repeatable, and narrows with paired differences of one sign", () => {
    const found = baseline.map((x, i) => x - (i % 2 === 0 ? 2 : -1));
    const losses = { found, baseline, tokens };
    const interval = bootstrapInterval(losses, streamRng(3, 0));
    expect(bootstrapInterval(losses, streamRng(3, 0))).toEqual(interval);
    expect(interval[0]).toBeLessThan(relativeImprovement(losses));
    expect(interval[1]).toBeGreaterThan(relativeImprovement(losses));
  });

  it("refuses losses that are not paired", () => {
    expect(() => bootstrapInterval({ found: new Float64Array(3), baseline, tokens }, streamRng(0, 0))).toThrow(
      RangeError,
    );
  });
});
