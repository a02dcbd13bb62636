import type { DecoderShape } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { forwardOperations, measureRates, statisticsOperations } from "../src/index.js";

/** Two blocks, 2 query and 1 key-value head of 4, 8 hidden, 12 channels, 10 tokens. */
const shape: DecoderShape = {
  hiddenSize: 8,
  headDim: 4,
  vocabSize: 10,
  maxPositions: 32,
  ropeTheta: 10_000,
  rmsNormEps: 1e-5,
  tiedEmbeddings: true,
  layers: Array.from({ length: 2 }, () => ({ heads: 2, kvHeads: 1, intermediateSize: 12 })),
};

describe("operations of a model", () => {
  it("are two per weight and token, and the attention's products over whole windows", () => {
    const weights = 2 * (8 * 8 + 8 * 4 + 8 * 4 + 8 * 8 + 3 * 8 * 12) + 8 * 10;
    const attention = 2 * 4 * (2 * 4) * 16;
    expect(forwardOperations(shape, 16, 1)).toBe(2 * weights + attention);
    expect(forwardOperations(shape, 16, 160)).toBe(160 * (2 * weights + attention));
  });

  it("of statistics are three forward passes and the Gram matrices", () => {
    const gram = 2 * 2 * (8 * 8 + 12 * 12);
    expect(statisticsOperations(shape, 16, 10)).toBe(3 * forwardOperations(shape, 16, 10) + 10 * gram);
  });
});

describe("measured rates", () => {
  it("tell of each kind of operation how long some took", { timeout: 120_000 }, async () => {
    let clock = 0;
    const rates = await measureRates({ provider: "cpu", threads: 1, now: () => (clock += 500) });
    expect(rates.map(({ kind }) => kind)).toEqual(["forward", "gradients", "forward", "gradients", "algebra"]);
    for (const { operations, scale, seconds } of rates) {
      expect([operations > 0, scale > 0, seconds]).toEqual([true, true, 0.5]);
    }
  });
});
