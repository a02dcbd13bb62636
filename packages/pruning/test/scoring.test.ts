import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packWindows } from "../src/execution/token-batch.js";
import { type ForwardPool, openForwardPool } from "../src/scoring/forward-pool.js";
import { openScorer, type ScoringResult } from "../src/scoring/scorer.js";
import { densePlan, type Plan } from "../src/units/index.js";
import { openShippedModel, type ShippedModel } from "./shipped-model.js";

let model: ShippedModel;
let pool: ForwardPool;
beforeAll(async () => {
  model = await openShippedModel();
  pool = openForwardPool({ ...model, biases: true });
});
afterAll(() => pool.close());

const half = (): Plan => ({
  layers: densePlan(model.shape).layers.map(({ kvGroups, channels }) => ({
    kvGroups: kvGroups.slice(1),
    channels: channels.filter((c) => c % 2 === 0),
  })),
});

describe("scorer", () => {
  it("weighs sources by log perplexity, whatever their window lengths", async () => {
    const short = { windows: await model.windows(3, 16), weight: 3 };
    const long = { windows: await model.windows(2, 32, 4), weight: 1 };
    const plan = half();
    const alone = await Promise.all([short, long].map(async (s) => (await openScorer(pool, [s])).score({ plan })));
    const both = await (await openScorer(pool, [short, long])).score({ plan });
    const [a, b] = alone.map(({ objective }) => objective ?? Number.NaN);
    expect(both.objective).toBeCloseTo((3 * a + b) / 4, 12);
    expect(both.perplexity).toBeCloseTo(Math.exp((3 * a + b) / 4), 9);
    expect([...both.windowLosses]).toEqual(alone.flatMap(({ windowLosses }) => [...windowLosses]));
    const total = alone[1].windowLosses.reduce((x, y) => x + y, 0);
    expect(b).toBeCloseTo(total / (2 * 31), 12);
  });

  it("takes replaced weights and biases as they are, and gives the dense loss for dense ones", async () => {
    const scorer = await openScorer(pool, [{ windows: await model.windows(2, 16), weight: 1 }]);
    const plan = densePlan(model.shape);
    const name = "model.layers.1.mlp.down_proj.weight";
    const dense = model.weights.get(name) ?? new Float32Array(0);
    const same = await scorer.score({ plan, weights: new Map([[name, dense.slice()]]) });
    expect(same).toEqual(await scorer.score({ plan }));
    const zeroed = await scorer.score({ plan, weights: new Map([[name, new Float32Array(dense.length)]]) });
    const closed = plan.layers.map((layer, l) => (l === 1 ? { ...layer, channels: new Int32Array(0) } : layer));
    expect(zeroed.objective).toBeCloseTo((await scorer.score({ plan: { layers: closed } })).objective ?? 0, 6);
    const bias = new Map([["bias.layers.0.o_proj", new Float32Array(64).fill(0.5)]]);
    expect((await scorer.score({ plan, biases: bias })).objective).not.toBeCloseTo(same.objective ?? 0, 3);
  });

  it("gives candidates in their own widths the losses that they have behind gates", async () => {
    const masked = openForwardPool({ ...model, biases: true, widths: "masked" });
    const source = { windows: await model.windows(3, 16), weight: 1 };
    const [own, gated] = await Promise.all([pool, masked].map((p) => openScorer(p, [source])));
    const emptied = half().layers.map((layer, l) => (l === 2 ? { ...layer, channels: new Int32Array(0) } : layer));
    const bias = new Map([["bias.layers.0.o_proj", new Float32Array(64).fill(0.1)]]);
    for (const candidate of [{ plan: half(), biases: bias }, { plan: { layers: emptied } }]) {
      const [a, b] = [await own.score(candidate), await gated.score(candidate)];
      expect(Math.abs((a.objective ?? 0) / (b.objective ?? 1) - 1)).toBeLessThan(1e-6);
      expect(a.windowLosses).not.toEqual(new Float64Array(3));
    }
    await masked.close();
  });

  it("writes the slices of one candidate after the other to the same arrays, of several at once to different ones", async () => {
    const windows = await model.windows(20, 16);
    const scorer = await openScorer(pool, [{ windows, weight: 1 }]);
    const emptied = half().layers.map((layer, l) => (l % 2 === 0 ? { ...layer, channels: new Int32Array(0) } : layer));
    const plans = [half(), { layers: emptied }, densePlan(model.shape), half()];
    const alone: ScoringResult[] = [];
    for (const plan of plans) {
      const lent = pool.buffers.take();
      pool.buffers.give(lent);
      alone.push(await scorer.score({ plan }));
      expect(pool.buffers.take()).toBe(lent);
      pool.buffers.give(lent);
    }
    expect(alone[3]).toEqual(alone[0]);
    const passes = plans.map((plan) => scorer.begin({ plan }));
    for (let going = true; going; ) {
      going = false;
      for (const pass of passes) going = (await pass.advance()) || going;
    }
    expect(passes.map((pass) => pass.result())).toEqual(alone);
    expect(await passes[0].advance()).toBe(false);
  });

  it("calls a loss that is not finite infeasible, with a reason", async () => {
    const scorer = await openScorer(pool, [{ windows: await model.windows(2, 16), weight: 1 }]);
    const plan = densePlan(model.shape);
    const name = "model.layers.0.self_attn.o_proj.weight";
    const broken = new Map([[name, new Float32Array(64 * 64).fill(Number.NaN)]]);
    const result = await scorer.score({ plan, weights: broken });
    expect(result).toMatchObject({ objective: null, perplexity: null });
    expect(result.reason).toMatch(/NaN/);
  });

  it("stops between micro-batches when aborted, and can score again", async () => {
    const scorer = await openScorer(pool, [{ windows: await model.windows(24, 16), weight: 1 }]);
    const stop = new AbortController();
    const seen: number[] = [];
    const onProgress = (done: number): void => {
      seen.push(done);
      stop.abort(new Error("enough"));
    };
    const plan = densePlan(model.shape);
    await expect(scorer.score({ plan }, { signal: stop.signal, onProgress })).rejects.toThrow("enough");
    expect(seen).toHaveLength(1);
    expect((await scorer.score({ plan })).objective).toBeGreaterThan(0);
  });

  it("refuses what it cannot feed", async () => {
    const scorer = await openScorer(pool, [{ windows: await model.windows(1, 16), weight: 1 }]);
    const plan = densePlan(model.shape);
    await expect(scorer.score({ plan, weights: new Map([["no.such", new Float32Array(1)]]) })).rejects.toThrow(
      /'no.such' with 1 numbers replaces nothing/,
    );
    await expect(openScorer(pool, [{ windows: [], weight: 1 }])).rejects.toThrow(/no windows/);
    expect(() => packWindows([new Int32Array(4), new Int32Array(5)], 2)).toThrow(/window 1 has 5 tokens/);
  });
});
