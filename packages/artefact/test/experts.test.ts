import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ModelFolder, openModel, readWeights } from "@espalier/model";
import { openForwardPool, openScorer, type Plan } from "@espalier/pruning";
import { streamRng } from "@espalier/search";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeMixtral } from "../../pruning/test/seeded-mixtral.js";
import { assertProfilesFit } from "../src/assert-profiles-fit.js";
import { profileRegistry } from "../src/profiles/registry.js";
import { decoderWeights, withWeights } from "../src/slice/decoder-weights.js";
import { sliceModel } from "../src/slice/slice-model.js";
import type { SlicedModel } from "../src/slice/sliced-model.js";
import { slicedLogits } from "../src/verify/sliced-logits.js";
import { verifyFolder } from "../src/verify/verify-folder.js";
import { noRepair } from "./support/export-context.js";

const unequal: Plan = {
  layers: [
    { kvGroups: Int32Array.of(0, 1), channels: Int32Array.of(1, 3, 4) },
    { kvGroups: Int32Array.of(1), channels: Int32Array.of(0, 2) },
  ],
};
const equal: Plan = {
  layers: [
    { kvGroups: Int32Array.of(0), channels: Int32Array.of(0, 1, 4) },
    { kvGroups: Int32Array.of(1), channels: Int32Array.of(2, 3, 4) },
  ],
};
const withoutMlp: Plan = { layers: [unequal.layers[0], { kvGroups: Int32Array.of(0), channels: Int32Array.of() }] };
const windows = Array.from({ length: 3 }, (_, window) => {
  const rng = streamRng(5, window);
  return Int32Array.from({ length: 16 }, () => Math.floor(rng.next() * 512));
});

let scratch: string;
let model: ModelFolder;
let weights: ReadonlyMap<string, Float32Array>;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "espalier-experts-"));
  await writeMixtral(join(scratch, "mixtral"));
  model = await openModel(join(scratch, "mixtral"));
  weights = await readWeights(model);
});
afterAll(() => rm(scratch, { recursive: true }));

const sliced = (plan: Plan): SlicedModel => sliceModel({ config: model.config, weights, plan, compensated: noRepair });

async function maskedLosses(plan: Plan): Promise<Float64Array> {
  const pool = openForwardPool({ shape: model.config.shape, weights, widths: "masked" });
  const scorer = await openScorer(pool, [{ windows, weight: 1 }]);
  const { windowLosses } = await scorer.score({ plan });
  await pool.close();
  return windowLosses;
}

describe("a mixture of experts", () => {
  it.each([
    ["native", "unequal layers", unequal],
    ["native", "a layer without MLP", withoutMlp],
    ["uniform", "equal layers", equal],
  ] as const)("is written as %s (%s) and gives back the losses of the masked model", async (profile, name, plan) => {
    const folder = join(scratch, `${profile} ${name}`);
    await mkdir(folder);
    await profileRegistry[profile].write(folder, { source: model, sliced: sliced(plan), linkRoots: [] });
    const common = { label: "test", folder, profile, sliced: sliced(plan), windows, masked: await maskedLosses(plan) };
    expect(await verifyFolder(common)).toHaveLength(1);
    const written = await openModel(folder);
    expect(written.config.shape.layers.map(({ experts }) => experts?.count ?? 0)).toEqual(
      plan.layers.map(({ channels }) => channels.length),
    );
    expect(written.config.uniform).toBe(profile === "uniform");
  });

  it("numbers the kept experts anew and keeps the dtype and the numbers of each", () => {
    const tensor = sliced(unequal).tensors.find(({ name }) =>
      name.endsWith("layers.0.block_sparse_moe.experts.1.w2.weight"),
    );
    expect(tensor).toMatchObject({
      shape: [16, 12],
      source: "model.layers.0.block_sparse_moe.experts.3.w2.weight",
      untouched: true,
    });
    const whole = weights.get("model.layers.0.mlp.down_proj.weight") ?? new Float32Array();
    expect(tensor?.data().subarray(0, 12)).toEqual(whole.subarray(36, 48));
  });

  it("has a plain config where all layers keep as many", async () => {
    const config = JSON.parse(await readFile(join(scratch, "uniform equal layers", "config.json"), "utf8"));
    expect(config).toMatchObject({
      model_type: "mixtral",
      architectures: ["MixtralForCausalLM"],
      intermediate_size: 12,
      num_local_experts: 3,
      num_experts_per_tok: 2,
    });
    expect(config).not.toHaveProperty("espalier_layers");
  });

  it("is cut out of replaced weights where there are any", () => {
    const name = "model.layers.0.mlp.up_proj.weight";
    const replaced = new Map([[name, (weights.get(name) ?? new Float32Array()).map((x) => 3 * x)]]);
    const compensated = { ...noRepair, weights: replaced };
    const { tensors } = sliceModel({ config: model.config, weights, plan: unequal, compensated });
    for (const [i, before] of sliced(unequal).tensors.entries()) {
      const isReplaced = /layers\.0\..*\.w3\./.test(before.name);
      expect(tensors[i].untouched, before.name).toBe(!isReplaced);
      expect(tensors[i].data()).toEqual(before.data().map((x) => (isReplaced ? 3 * x : x)));
    }
  });

  it("takes repaired weights apart again, expert by expert", () => {
    const before = sliced(unequal);
    const doubled = new Map([...decoderWeights(before)].map(([name, values]) => [name, values.map((x) => 2 * x)]));
    const after = withWeights(before, doubled).tensors;
    for (const [i, { name, shape, data }] of before.tensors.entries()) {
      expect(after[i]).toMatchObject({ name, shape, untouched: false });
      expect(after[i].data()).toEqual(data().map((x) => 2 * x));
    }
  });

  it("gives the logits that other runtimes are compared with", async () => {
    const logits = await slicedLogits(sliced(unequal), [...windows[0]]);
    expect(logits).toHaveLength(windows[0].length);
    const [first, next] = [logits[0], windows[0][1]];
    const largest = first.reduce((a, b) => Math.max(a, b));
    const total = first.reduce((sum, x) => sum + Math.exp(x - largest), 0);
    expect(Math.log(total) + largest - first[next]).toBeGreaterThan(0);
  });

  it.each(["gguf", "padded", "onnx"] as const)(
    "is refused by the profile %s before anything is computed",
    async (profile) => {
      await expect(assertProfilesFit(model.path, ["native", profile], [])).rejects.toMatchObject({
        code: "VALIDATION_FAILED",
        message: expect.stringMatching(/mixture of experts/),
        errors: [{ pointer: "/export/profiles/1" }],
      });
    },
  );
});
