import { loraRecovery } from "@espalier/contracts";
import { beforeAll, describe, expect, it } from "vitest";
import { type DepthInput, lowest } from "../src/depth/depth-method.js";
import { depthMethods, withoutBlocks } from "../src/depth/index.js";
import { learnBlockScales } from "../src/depth/trsp/learn-block-scales.js";
import { openForwardPool } from "../src/scoring/forward-pool.js";
import { openScorer } from "../src/scoring/scorer.js";
import { openShippedModel, type ShippedModel } from "./shipped-model.js";

let model: ShippedModel;
let input: DepthInput;
beforeAll(async () => {
  model = await openShippedModel();
  input = {
    shape: model.shape,
    weights: model.weights,
    count: 1,
    calibration: await model.windows(64, 128),
    validation: [{ windows: await model.windows(16, 128, 64), weight: 1 }],
    training: {
      scaleSteps: 20,
      scaleRate: 0.02,
      scalePenalty: 0.05,
      changePenalty: 5,
      adapters: loraRecovery.parse({
        ...{ method: "lora", max_steps: 40, evaluate_every: 10, warmup_steps: 3, batch_windows: 8 },
        learning_rate: 0.003,
      }),
    },
    seed: 1,
    now: () => 0,
  };
});

async function lossWithout(dropped: readonly number[], weights: ReadonlyMap<string, Float32Array>): Promise<number> {
  const pool = openForwardPool({ ...model, widths: "masked" });
  const scorer = await openScorer(pool, input.validation);
  const { objective } = await scorer.score({ plan: withoutBlocks(model.shape, dropped), weights });
  await pool.close();
  return objective ?? Number.NaN;
}

describe("the lowest scores", () => {
  it("leave, ties from the front", () => expect(lowest([3, 1, 2, 1], 2)).toEqual([1, 3]));
  it.each([0, 4, 1.5])("cannot be %s of four", (count) => {
    expect(() => lowest([1, 2, 3, 4], count)).toThrow(/at least one leaves and one stays/);
  });
});

describe("depth methods", () => {
  it("drop the last blocks, or those that change least", async () => {
    expect((await depthMethods.last.cut({ ...input, count: 2 })).dropped).toEqual([3, 4]);
    const { dropped, scores } = await depthMethods.similarity.cut({ ...input, count: 2 });
    const least = [...(scores ?? [])].sort((a, b) => a - b).slice(0, 2);
    expect(dropped.map((block) => scores?.[block])).toEqual(expect.arrayContaining(least));
  });

  it("learn smaller scales the more they are punished", async () => {
    const sum = async (scalePenalty: number) =>
      (await learnBlockScales({ ...input, training: { ...input.training, scaleSteps: 3, scalePenalty } })).reduce(
        (a, b) => a + b,
        0,
      );
    const [free, punished] = [await sum(0), await sum(2)];
    expect(punished).toBeLessThan(free);
  }, 120_000);

  it("train the rest to do without what leaves, the same way twice", async () => {
    const cut = await depthMethods.trsp.cut(input);
    expect(cut.dropped).toEqual(lowest(cut.scores ?? [], 1));
    expect(await lossWithout(cut.dropped, cut.weights)).toBeLessThan(await lossWithout(cut.dropped, new Map()));
    const again = await depthMethods.trsp.cut(input);
    expect(again).toEqual(cut);
  }, 240_000);

  it("stop when they are told to", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    for (const method of ["similarity", "trsp"] as const) {
      await expect(depthMethods[method].cut({ ...input, signal })).rejects.toThrow("enough");
    }
  });
});
