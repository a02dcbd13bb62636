import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openModel, openSafetensors, readWeights } from "@espalier/model";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildArtefact, compareLosses, type SlicedModel, slicedLosses, sliceModel } from "../src/index.js";
import { dividingHeads } from "../src/profiles/dividing-heads.js";
import { withoutEmptyBlocks } from "../src/slice/drop-blocks.js";
import { padModel, widestLayer } from "../src/slice/pad-model.js";
import {
  biasesOf,
  droppedPlan,
  exportContext,
  exportRequest,
  freePlan,
  noRepair,
  thinPlan,
} from "./support/export-context.js";
import { randomPlan } from "./support/random-plans.js";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "espalier-padded-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function losses(sliced: SlicedModel, windows: readonly Int32Array[]): Promise<Float64Array> {
  const weights = new Map(sliced.tensors.map(({ name, data }) => [name, data()]));
  return await slicedLosses({ shape: sliced.shape, weights, windows });
}

describe("padding", () => {
  it("leaves the function as it is, for any plan, with and without biases", async () => {
    const context = await exportContext(freePlan());
    const windows = (await context.reportWindows()).slice(0, 2);
    const { config } = context.model;
    await fc.assert(
      fc.asyncProperty(randomPlan, fc.boolean(), fc.nat(40), async (plan, biased, extra) => {
        const compensated = biased ? biasesOf(plan) : noRepair;
        const sliced = sliceModel({ config, weights: context.weights, plan, compensated });
        const widest = widestLayer(sliced.shape);
        const wide = { ...widest, intermediateSize: widest.intermediateSize + extra };
        const padded = padModel(
          sliced,
          sliced.shape.layers.map(() => wide),
        );
        for (const { data, shape } of padded.tensors)
          expect(data()).toHaveLength(shape.reduce((n, size) => n * size, 1));
        compareLosses("padded", await losses(sliced, windows), await losses(padded, windows));
        compareLosses("kept", await losses(sliced, windows), await losses(withoutEmptyBlocks(sliced), windows));
      }),
      { numRuns: 6, seed: 5 },
    );
  });

  it("refuses widths that do not hold the model's own", async () => {
    const { model, weights } = await exportContext(freePlan());
    const sliced = sliceModel({ config: model.config, weights, plan: freePlan(), compensated: noRepair });
    const narrow = sliced.shape.layers.map(() => ({ heads: 2, kvHeads: 1, intermediateSize: 1 }));
    expect(() => padModel(sliced, narrow)).toThrow(RangeError);
  });
});

describe("a padded export", () => {
  it.each([
    ["unequal layers", freePlan(), "none"],
    ["groups of unequal sizes", thinPlan(), "none"],
    ["absent sub-blocks", droppedPlan(), "none"],
    ["absent sub-blocks and biases", droppedPlan(), "bias"],
  ] as const)("of %s is a plain Llama folder that loses what the masked model loses", async (name, plan, repair) => {
    const context = await exportContext(plan, () => (repair === "bias" ? biasesOf(plan) : noRepair));
    const request = exportRequest(context, plan, join(root, name));
    await buildArtefact({ ...request, spec: { ...request.spec, export: { profiles: ["padded"] } } });

    const folder = join(request.target, "padded");
    const keys: Record<string, unknown> = JSON.parse(await readFile(join(folder, "config.json"), "utf8"));
    expect(Object.keys(keys).filter((key) => key.startsWith("espalier"))).toEqual([]);
    const weights = await readWeights(await openSafetensors(join(folder, "model.safetensors")));
    const layers = Number(keys["num_hidden_layers"]);
    expect(weights.get(`model.layers.${layers - 1}.mlp.down_proj.weight`)).toHaveLength(
      64 * Number(keys["intermediate_size"]),
    );
    if (repair === "bias") {
      expect(keys).toMatchObject({ attention_bias: true, mlp_bias: true });
      for (const part of [
        "self_attn.q",
        "self_attn.k",
        "self_attn.v",
        "self_attn.o",
        "mlp.gate",
        "mlp.up",
        "mlp.down",
      ]) {
        expect(weights.has(`model.layers.0.${part}_proj.bias`)).toBe(true);
      }
    } else {
      expect((await openModel(folder)).config.uniform).toBe(true);
    }
  });
});

describe("heads of a plain Llama folder", () => {
  it("are the least that hold the layer's and divide the hidden size", () => {
    const layer = (heads: number, kvHeads: number) => ({ heads, kvHeads, intermediateSize: 7 });
    expect(dividingHeads({ hiddenSize: 64 }, layer(6, 3))).toEqual(layer(8, 4));
    expect(dividingHeads({ hiddenSize: 96 }, layer(6, 3))).toEqual(layer(6, 3));
    expect(dividingHeads({ hiddenSize: 64 }, layer(3, 3))).toEqual(layer(4, 4));
    expect(dividingHeads({ hiddenSize: 4096 }, layer(28, 7))).toEqual(layer(32, 8));
    expect(dividingHeads({ hiddenSize: 4 }, layer(6, 3))).toEqual(layer(6, 3));
  });
});
