import { leastMlpUnits, mlpUnits } from "@espalier/contracts";
import { forwardProgram, inputNames, openGates, openSession, outputNames, weightFeeds } from "@espalier/graph";
import { parseConfig } from "@espalier/model";
import { openForwardPool, openScorer, type Plan } from "@espalier/pruning";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keptQueryHeads } from "../../src/units/index.js";
import { decoderWeights, familyConfigs, seededNumbers, seededWeights } from "./family-models.js";
import { type PlainKept, plainLosses } from "./plain-decoder.js";

const TOKENS = 14;
const ROWS = 3;
const ids = Array.from({ length: ROWS }, (_, row) =>
  Array.from(seededNumbers(TOKENS, 900 + row), (x) => Math.floor(((x + 1) / 2) * 23)),
);

const largestError = (found: ArrayLike<number>, expected: ArrayLike<number>): number => {
  expect(found.length).toBe(expected.length);
  return Math.max(...Array.from(expected, (x, i) => Math.abs(found[i] - x)));
};

describe.each(Object.entries(familyConfigs))("%s", (_name, config) => {
  const { shape } = parseConfig(JSON.stringify(config));
  const tensors = seededWeights(config);
  const weights = decoderWeights(config, tensors);
  const expected = ids.flatMap((row) => plainLosses(config, tensors, row));

  it.each([
    ["float64", 1e-9],
    ["float32", 1e-5],
  ] as const)("has the token losses of plain loops in %s", async (dtype, tolerance) => {
    const graph = forwardProgram({ shape, sequenceLength: TOKENS, dtype });
    const typed = new Map([...weights].map(([name, w]) => [name, dtype === "float64" ? Float64Array.from(w) : w]));
    const predicted = ROWS * (TOKENS - 1);
    const session = await openSession(graph);
    const results = await session.run({
      ...weightFeeds(graph, typed),
      ...openGates(graph),
      [inputNames.inputIds]: { data: BigInt64Array.from(ids.flat(), BigInt), dims: [ROWS, TOKENS] },
      [inputNames.tokenWeights]: {
        data: (dtype === "float64" ? new Float64Array(predicted) : new Float32Array(predicted)).fill(1),
        dims: [ROWS, TOKENS - 1],
      },
    });
    await session.release();
    const found = Array.from(results[outputNames.tokenNll].data, Number);
    expect(largestError(found, expected)).toBeLessThan(tolerance);
  });

  it("loses with any units removed what plain loops lose without them, behind gates and sliced", async () => {
    const windows = ids.map((row) => Int32Array.from(row));
    const pools = (["masked", "sliced"] as const).map((widths) => openForwardPool({ shape, weights, widths }));
    const scorers = await Promise.all(pools.map((pool) => openScorer(pool, [{ windows, weight: 1 }])));
    const units = (count: number, least = 1) =>
      fc.subarray([...Array(count).keys()]).map((kept) => Int32Array.from(kept.length < least ? [] : kept));
    const plans = fc.tuple(
      ...shape.layers.map((layer) =>
        fc.record({ kvGroups: units(layer.kvHeads), channels: units(mlpUnits(layer), leastMlpUnits(layer)) }),
      ),
    );
    const property = fc.asyncProperty(plans, async (layers) => {
      const plan: Plan = { layers };
      const kept = layers.map(
        (layer, l): PlainKept => ({
          heads: [...keptQueryHeads(shape.layers[l], layer)],
          channels: [...layer.channels],
        }),
      );
      const losses = ids.map((row) => plainLosses(config, tensors, row, kept).reduce((sum, loss) => sum + loss, 0));
      for (const scorer of scorers) {
        const { windowLosses } = await scorer.score({ plan });
        expect(largestError(windowLosses, losses)).toBeLessThan(TOKENS * 1e-5);
      }
    });
    await fc.assert(property, { seed: 3, numRuns: 8 });
    await Promise.all(pools.map((pool) => pool.close()));
  });
});
