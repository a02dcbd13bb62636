import type { DecoderShape } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { forwardRows, headChunkTokens } from "../src/execution/memory.js";
import { openForwardPool } from "../src/scoring/forward-pool.js";
import { openScorer } from "../src/scoring/scorer.js";
import { numbers } from "./numbers.js";

const MIB = 1024 ** 2;
const TOKENS = 70;

/** A decoder that is nothing but embedding and head. */
const shape: DecoderShape = {
  hiddenSize: 4,
  headDim: 2,
  vocabSize: 1 << 18,
  maxPositions: TOKENS,
  ropeTheta: 10_000,
  rmsNormEps: 1e-5,
  tiedEmbeddings: true,
  layers: [],
};

/** −log p of the token after another one, in float64: without blocks nothing else is looked at. */
function expectedLoss(embedding: Float32Array, token: number, next: number): number {
  const { hiddenSize: width, rmsNormEps } = shape;
  const x = embedding.subarray(token * width, (token + 1) * width);
  const scale = 1 / Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / width + rmsNormEps);
  const logit = (other: number): number => {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += scale * x[i] * embedding[other * width + i];
    return sum;
  };
  let partition = 0;
  for (let other = 0; other < shape.vocabSize; other++) partition += Math.exp(logit(other));
  return Math.log(partition) - logit(next);
}

describe("a vocabulary whose logits would not fit", () => {
  it("is scored in chunks of positions, to the loss that the formula gives", async () => {
    expect(headChunkTokens(shape, TOKENS)).toBe(64);
    const embedding = Float32Array.from(numbers(shape.vocabSize * shape.hiddenSize, 1));
    const weights = new Map([
      ["model.embed_tokens.weight", embedding],
      ["model.norm.weight", new Float32Array(shape.hiddenSize).fill(1)],
    ]);
    const cycle = [7, 100_000, 262_143];
    const ids = Int32Array.from({ length: TOKENS }, (_, t) => cycle[t % 3]);
    const pool = openForwardPool({ shape, weights });
    const scorer = await openScorer(pool, [{ windows: [ids], weight: 1 }]);
    const { windowLosses } = await scorer.score({ plan: { layers: [] } });
    await pool.close();
    const each = cycle.map((token, c) => expectedLoss(embedding, token, cycle[(c + 1) % 3]));
    const expected = Array.from({ length: TOKENS - 1 }, (_, t) => each[t % 3]).reduce((sum, loss) => sum + loss, 0);
    expect(Math.abs(windowLosses[0] / expected - 1)).toBeLessThan(1e-6);
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
