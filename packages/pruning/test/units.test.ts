import { existsSync, readFileSync } from "node:fs";
import type { DecoderShape } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import {
  densePlan,
  keptInputs,
  keptWidths,
  type Plan,
  planGates,
  planShape,
  planSparsity,
  prunableParameters,
  totalParameters,
  unitCosts,
} from "../src/units/index.js";

const grouped: DecoderShape = {
  hiddenSize: 64,
  headDim: 8,
  vocabSize: 512,
  maxPositions: 512,
  ropeTheta: 10_000,
  rmsNormEps: 1e-5,
  tiedEmbeddings: true,
  layers: Array.from({ length: 5 }, () => ({ heads: 8, kvHeads: 4, intermediateSize: 172 })),
};

const plan: Plan = {
  layers: grouped.layers.map((_, l) => ({
    kvGroups: Int32Array.of(0, 3),
    channels: Int32Array.from({ length: 100 + l }, (_, i) => i),
  })),
};

describe("costs", () => {
  it("counts a KV group with the query heads that read it, and three vectors per channel", () => {
    expect(unitCosts(grouped).attention[0]).toBe(8 * 64 * 6);
    expect(unitCosts(grouped).mlp[0]).toBe(192);
  });

  it("adds up to all linear weights of the blocks", () => {
    expect(prunableParameters(grouped)).toBe(5 * (2 * 64 * 64 + 2 * 32 * 64 + 3 * 64 * 172));
  });

  it("counts embeddings once when tied, and every norm", () => {
    const rest = prunableParameters(grouped) + 5 * 2 * 64 + 64;
    expect(totalParameters(grouped)).toBe(rest + 512 * 64);
    expect(totalParameters({ ...grouped, tiedEmbeddings: false })).toBe(rest + 2 * 512 * 64);
  });

  it("drops the norm of an absent sub-block", () => {
    const [first, ...others] = grouped.layers;
    const without = { ...grouped, layers: [{ ...first, heads: 0, kvHeads: 0 }, ...others] };
    expect(totalParameters(grouped) - totalParameters(without)).toBe(64 + 2 * 64 * 64 + 2 * 32 * 64);
  });

  const folder = "../shared/data/models/stories3M";
  it.skipIf(!existsSync(folder))("equals the size of a real file", () => {
    const bytes = readFileSync(`${folder}/model.safetensors`);
    const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString()) as Record<
      string,
      { shape?: number[] }
    >;
    const inFile = Object.values(header).reduce((sum, t) => sum + (t.shape?.reduce((a, b) => a * b, 1) ?? 0), 0);
    const layers = Array.from({ length: 6 }, () => ({ heads: 6, kvHeads: 2, intermediateSize: 512 }));
    const shape = { ...grouped, hiddenSize: 192, headDim: 32, vocabSize: 4096, layers };
    expect(totalParameters(shape)).toBe(inFile);
  });
});

describe("plans", () => {
  it("gates whole query-head groups", () => {
    const gates = planGates(grouped, plan);
    expect([...gates[0].attention]).toEqual([1, 1, 0, 0, 0, 0, 1, 1]);
    expect(gates[1].mlp.reduce((a, b) => a + b, 0)).toBe(101);
  });

  it("names the shape and the inputs that stay", () => {
    expect(planShape(grouped, plan).layers[1]).toEqual({ heads: 4, kvHeads: 2, intermediateSize: 101 });
    const inputs = keptInputs(grouped, plan, 0, "o_proj");
    expect(inputs.length).toBe(32);
    expect([inputs[0], inputs[15], inputs[16], inputs[31]]).toEqual([0, 15, 48, 63]);
    expect(keptWidths(plan)[2]).toEqual({ kvGroups: 2, channels: 102 });
  });

  it("measures sparsity over the prunable parameters", () => {
    expect(planSparsity(grouped, densePlan(grouped))).toBe(0);
    const kept = 5 * 2 * 3072 + (5 * 100 + 10) * 192;
    expect(planSparsity(grouped, plan)).toBeCloseTo(1 - kept / prunableParameters(grouped), 12);
  });

  it("refuses indices out of order or range", () => {
    const broken = { layers: [{ kvGroups: Int32Array.of(1, 1), channels: Int32Array.of(0) }, ...plan.layers.slice(1)] };
    expect(() => planGates(grouped, broken)).toThrow("KV groups of layer 0: index 1 after 1");
  });
});
