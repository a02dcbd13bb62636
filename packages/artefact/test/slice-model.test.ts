import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DecoderShape } from "@espalier/contracts";
import { expectedTensors, openModel, readWeights } from "@espalier/model";
import type { CompensatedWeights, Plan } from "@espalier/pruning";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyCarriedFiles } from "../src/folder/copied-files.js";
import { compareLosses, sliceModel } from "../src/index.js";
import { takeColumns, takeRows } from "../src/slice/select.js";
import { storedDtypes } from "../src/slice/stored-dtype.js";

const none: CompensatedWeights = { weights: new Map(), biases: new Map(), method: "none" };

/** Two query heads of size 2 per KV head, two KV heads, three channels; every weight is its own index. */
const shape: DecoderShape = {
  hiddenSize: 4,
  headDim: 2,
  vocabSize: 3,
  maxPositions: 8,
  ropeTheta: 10000,
  rmsNormEps: 1e-5,
  tiedEmbeddings: true,
  layers: [{ heads: 4, kvHeads: 2, intermediateSize: 3 }],
};
const config = { family: "llama", shape } as const;
const weights = new Map(
  expectedTensors(config).map(({ name, shape: dims }) => [
    name,
    Float32Array.from({ length: dims.reduce((n, size) => n * size, 1) }, (_, i) => i),
  ]),
);
const plan = (kvGroups: number[], channels: number[]): Plan => ({
  layers: [{ kvGroups: Int32Array.from(kvGroups), channels: Int32Array.from(channels) }],
});

describe("slicing", () => {
  it("takes rows and columns", () => {
    const matrix = Float32Array.from([0, 1, 2, 3, 4, 5]);
    expect([...takeRows(matrix, 3, Int32Array.of(1))]).toEqual([3, 4, 5]);
    expect([...takeColumns(matrix, 3, Int32Array.of(0, 2))]).toEqual([0, 2, 3, 5]);
  });

  it("cuts a KV group out of q, k, v rows and o columns, with all its query heads", () => {
    const { tensors } = sliceModel({ config, weights, plan: plan([1], [0, 2]), compensated: none });
    const of = (name: string) => tensors.find((tensor) => tensor.name.endsWith(`${name}.weight`));
    expect(of("q_proj")?.shape).toEqual([4, 4]);
    expect([...(of("q_proj")?.data() ?? [])].slice(0, 4)).toEqual([16, 17, 18, 19]);
    expect([...(of("k_proj")?.data() ?? [])]).toEqual([8, 9, 10, 11, 12, 13, 14, 15]);
    expect([...(of("o_proj")?.data() ?? [])].slice(0, 4)).toEqual([4, 5, 6, 7]);
    expect([...(of("gate_proj")?.data() ?? [])]).toEqual([0, 1, 2, 3, 8, 9, 10, 11]);
    expect([...(of("down_proj")?.data() ?? [])].slice(0, 4)).toEqual([0, 2, 3, 5]);
  });

  it("leaves out the tensors of a sub-block that keeps nothing, and says so in its shape", () => {
    const sliced = sliceModel({ config, weights, plan: plan([], [1]), compensated: none });
    expect(sliced.tensors.filter(({ name }) => /self_attn|input_layernorm/.test(name))).toEqual([]);
    expect(sliced.shape.layers).toEqual([{ heads: 0, kvHeads: 0, intermediateSize: 1 }]);
  });

  it("stores recomputed weights as F32", () => {
    const name = "model.layers.0.mlp.down_proj.weight";
    const compensated: CompensatedWeights = { ...none, weights: new Map([[name, new Float32Array(12).fill(0.5)]]) };
    const sliced = sliceModel({ config, weights, plan: plan([0, 1], [1]), compensated });
    const dtypes = storedDtypes(sliced, new Map());
    expect(dtypes.torchDtype).toBe("float32");
    expect(new Set(sliced.tensors.map(dtypes.of))).toEqual(new Set(["F32"]));
  });
});

const halfModel = fileURLToPath(new URL("../../../../shared/data/models/stories3M", import.meta.url));

describe.skipIf(!existsSync(halfModel))("a half precision model (needs ../shared)", () => {
  it("keeps its dtype when it only loses units", async () => {
    const model = await openModel(halfModel);
    const { shape: dense } = model.config;
    const kept: Plan = {
      layers: dense.layers.map(() => ({ kvGroups: Int32Array.of(1), channels: Int32Array.of(0, 5, 9) })),
    };
    const sliced = sliceModel({
      config: model.config,
      weights: await readWeights(model),
      plan: kept,
      compensated: none,
    });
    const dtypes = storedDtypes(sliced, model.tensors);
    expect(dtypes.torchDtype).toBeNull();
    expect(new Set(sliced.tensors.map(dtypes.of))).toEqual(new Set(["F16"]));
  });
});

describe("comparing losses", () => {
  it("passes rounding and refuses a difference, NaN included, with the numbers", () => {
    const masked = Float64Array.of(100, 200);
    expect(compareLosses("x", masked, Float64Array.of(100.0005, 200)).relativeDifference).toBeLessThan(1e-5);
    for (const sliced of [Float64Array.of(101, 200), Float64Array.of(101, 199), Float64Array.of(Number.NaN, 200)]) {
      expect(() => compareLosses("x", masked, sliced)).toThrow(
        expect.objectContaining({ code: "EXPORT_VERIFICATION_FAILED" }),
      );
    }
  });
});

describe("files carried on", () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "espalier-carried-"));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  it("never come through a link from outside the model roots", async () => {
    const [source, target] = [join(root, "model"), join(root, "export")];
    await mkdir(source);
    await mkdir(target);
    await writeFile(join(root, "secret"), "secret");
    await symlink(join(root, "secret"), join(source, "LICENSE"));
    await expect(copyCarriedFiles(source, target, ["LICENSE"], [])).rejects.toMatchObject({
      code: "PATH_OUTSIDE_ROOTS",
    });
    await copyCarriedFiles(source, target, ["LICENSE"], [root]);
    expect(existsSync(join(target, "LICENSE"))).toBe(true);
  });
});
