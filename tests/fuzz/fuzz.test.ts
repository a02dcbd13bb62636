import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keptInputs } from "./corpus.js";
import { fuzzTargets } from "./targets/index.js";

const RUNS = 150;
const SEED = 20260101;

describe.each(fuzzTargets)("foreign input to $name", (target) => {
  const kept = keptInputs(target.name);

  it("that was kept is refused or read, as it should be", async () => {
    expect(kept.length).toBeGreaterThan(0);
    for (const [name, input] of kept) {
      await expect(Promise.resolve(target.check(input)), name).resolves.toBeUndefined();
    }
  });

  // The same inputs in every run; `npm run fuzz` tries others.
  it("that was changed is refused with a typed error, or read as it should be", async () => {
    await fc.assert(
      fc.asyncProperty(target.inputs, async (input) => target.check(input)),
      {
        numRuns: RUNS,
        seed: SEED,
      },
    );
  });
});
