import type { DecoderShape } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { forwardRows, headChunkTokens } from "../src/execution/memory.js";
import { openForwardPool } from "../src/scoring/forward-pool.js";
import { openScorer } from "../src/scoring/scorer.js";
import { numbers } from "./numbers.js";

const MIB = 1024 ** 2;
const TOKENS = 18;

/** A decoder that is nothing but embedding and head. */
const shape: DecoderShape = {
  hiddenSize: 4,
  headDim: 2,
  vocabSize: 1 << 20,
  maxPositions: TOKENS,
  ropeTheta: 10_000,
  rmsNormEps: 1e-5,
  tiedEmbeddings: true,
  layers: [],
};

/** −log p of each next token, summed, in float64. */
function expectedLoss(embedding: Float32Array, ids: Int32Array): number {
  const { hiddenSize: width, rmsNormEps } = shape;
  let total = 0;
  for (let t = 0; t + 1 < ids.length; t++) {
    const x = embedding.subarray(ids[t] * width, (ids[t] + 1) * width);
    const scale = 1 / Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / width + rmsNormEps);
    const logit = (token: number): number => {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += scale * x[i] * embedding[token * width + i];
      return sum;
    };
    let partition = 0;
    for (let token = 0; token < shape.vocabSize; token++) partition += Math.exp(logit(token));
    total += Math.log(partition) - logit(ids[t + 1]);
  }
  return total;
}

describe("a vocabulary whose logits would not fit", () => {
  it("is scored in chunks of positions, to the loss that the formula gives", async () => {
    expect(headChunkTokens(shape, TOKENS)).toBe(16);
    const embedding = Float32Array.from(numbers(shape.vocabSize * shape.hiddenSize, 1));
    const weights = new Map([
      ["model.embed_tokens.weight", embedding],
      ["model.norm.weight", new Float32Array(shape.hiddenSize).fill(1)],
    ]);
    const ids = Int32Array.from({ length: TOKENS }, (_, t) => (t * 48_271) % shape.vocabSize);
    const pool = openForwardPool({ shape, weights });
    const scorer = await openScorer(pool, [{ windows: [ids], weight: 1 }]);
    const { windowLosses } = await scorer.score({ plan: { layers: [] } });
    await pool.close();
    expect(Math.abs(windowLosses[0] / expectedLoss(embedding, ids) - 1)).toBeLessThan(1e-6);
  });

  it("takes no more than 64 MiB of logits per row, and fewer rows where memory is short", () => {
    for (const vocabSize of [4096, 32_000, 128_256, 1 << 20]) {
      const chunk = headChunkTokens({ ...shape, vocabSize }, 2048);
      expect(4 * vocabSize * (chunk ?? 2048)).toBeLessThanOrEqual(64 * MIB);
    }
    expect(headChunkTokens({ ...shape, vocabSize: 4096 }, 2048)).toBeUndefined();
    expect([300, 500, 5000].map((mebibytes) => forwardRows(shape, TOKENS, mebibytes * MIB))).toEqual([1, 2, 8]);
  });
});
