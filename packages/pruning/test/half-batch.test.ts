import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { outputNames } from "@espalier/graph";
import { beforeAll, describe, expect, it } from "vitest";
import { forwardRows, planMemory } from "../src/execution/memory.js";
import { openForwardPool } from "../src/scoring/forward-pool.js";
import { openScorer } from "../src/scoring/scorer.js";
import { profileModel } from "../src/statistics/profile-model.js";
import { densePlan } from "../src/units/index.js";
import { openShippedModel, type ShippedModel } from "./shipped-model.js";

let model: ShippedModel;
beforeAll(async () => {
  model = await openShippedModel();
});

describe("half a batch", () => {
  it("takes half as many windows a run, at least one, and as many clusters", () => {
    const request = { shape: model.shape, sequenceLength: 64, clusters: 8, weightGradients: true };
    for (let memoryBytes = 2 ** 30; memoryBytes > 13 * 2 ** 20; memoryBytes *= 0.8) {
      const whole = planMemory({ ...request, memoryBytes });
      const half = planMemory({ ...request, memoryBytes, halfBatch: true });
      expect(half).toEqual({ ...whole, microBatch: Math.max(1, Math.floor(whole.microBatch / 2)) });
      const rows = forwardRows(model.shape, 64, memoryBytes);
      expect(forwardRows(model.shape, 64, memoryBytes, true)).toBe(Math.max(1, Math.floor(rows / 2)));
    }
  });

  it("scores the same: bit for bit on x86 (ADR 0028), nearly so on any machine", async () => {
    const windows = await model.windows(11, 32);
    const losses = await Promise.all(
      [false, true].map(async (halfBatch) => {
        const pool = openForwardPool({ ...model, halfBatch });
        const scorer = await openScorer(pool, [{ windows, weight: 1 }]);
        const { windowLosses } = await scorer.score({ plan: densePlan(model.shape) });
        await pool.close();
        return windowLosses;
      }),
    );
    const [whole, half] = losses;
    expect(half?.length).toBe(11);
    const apart = [...(half ?? [])].map((loss, i) => Math.abs(loss / (whole?.[i] ?? 0) - 1));
    expect(Math.max(...apart)).toBeLessThan(1e-6);
  });

  it("sums the same statistics but for rounding, under the same key", async () => {
    const windows = await model.windows(16, 32);
    const gradient = outputNames.weightStatistic(0, "down_proj", "gradient_sum");
    const profiles = await Promise.all(
      [false, true].map(async (halfBatch) => {
        const dataDir = await mkdtemp(join(tmpdir(), "espalier-half-"));
        const profile = await profileModel({ model, windows, dataDir, clusters: 1, halfBatch });
        const sum = await profile.clusterSum(0, gradient);
        await rm(dataDir, { recursive: true });
        return { key: profile.key, sum };
      }),
    );
    const [whole, half] = profiles;
    expect(half?.key).toBe(whole?.key);
    const scale = Math.max(...(whole?.sum ?? []).map(Math.abs));
    const apart = (half?.sum ?? new Float32Array()).map((x, i) => Math.abs(x - (whole?.sum[i] ?? 0)) / scale);
    expect(Math.max(...apart)).toBeLessThan(1e-5);
    expect(apart.length).toBe(whole?.sum.length);
  });
});
