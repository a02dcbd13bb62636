import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gguf as readPublicly } from "@huggingface/gguf";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { float32s, int32s, string, strings, uint32 } from "../src/gguf/metadata.js";
import { packQ80, unpackQ80 } from "../src/gguf/q8-0.js";
import { openGguf } from "../src/gguf/read-gguf.js";
import { writeGguf } from "../src/gguf/write-gguf.js";
import { buildArtefact, compareLosses, type SlicedModel, slicedLosses, sliceModel } from "../src/index.js";
import { hyperparameters } from "../src/profiles/gguf/hyperparameters.js";
import { ggufLayout } from "../src/profiles/gguf/layout.js";
import { interleavedRows } from "../src/profiles/gguf/rope-order.js";
import { ggufName, huggingFaceName } from "../src/profiles/gguf/tensor-names.js";
import { ggufTensors, modelOf } from "../src/profiles/gguf/tensors.js";
import {
  biasesOf,
  droppedPlan,
  exportContext,
  exportRequest,
  freePlan,
  noRepair,
  uniformPlan,
} from "./support/export-context.js";
import { randomPlan } from "./support/random-plans.js";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "espalier-gguf-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe("a GGUF file", () => {
  it("is read by another reader, and by ours, as it was written", async () => {
    const path = join(root, "small.gguf");
    const metadata = new Map([
      ["general.architecture", string("llama")],
      ["llama.block_count", uint32(3)],
      ["some.words", strings(["", "▁a", "🙂"])],
      ["some.scores", float32s([0.5, -2])],
      ["some.kinds", int32s([1, -1])],
    ]);
    const values = Float32Array.from({ length: 64 }, (_, i) => i - 20);
    await writeGguf(path, metadata, [
      { name: "odd", shape: [3], type: "F32", data: () => values.slice(0, 3) },
      { name: "half", shape: [2, 5], type: "F16", data: () => values.slice(0, 10) },
      { name: "packed", shape: [2, 32], type: "Q8_0", data: () => values },
    ]);
    const theirs = await readPublicly(path, { allowLocalFile: true });
    expect(theirs.metadata).toMatchObject({
      "general.architecture": "llama",
      "llama.block_count": 3,
      "some.words": ["", "▁a", "🙂"],
      "some.scores": [0.5, -2],
      "some.kinds": [1, -1],
    });
    expect(theirs.tensorInfos.map(({ name, shape, dtype }) => [name, shape.map(Number), dtype])).toEqual([
      ["odd", [3], 0],
      ["half", [5, 2], 1],
      ["packed", [32, 2], 8],
    ]);

    const file = await openGguf(path);
    expect(file.metadata).toEqual(metadata);
    const read = [...file.tensors.values()].map((tensor) => file.read(tensor));
    const [odd, half, packed] = await Promise.all(read);
    await file.close();
    expect([odd, half]).toEqual([values.slice(0, 3), values.slice(0, 10)]);
    expect(packed).toEqual(unpackQ80(packQ80(values)));
  });

  it("refuses what does not fit: rows of parts of a block, data of another size, a name twice", async () => {
    const path = join(root, "refused.gguf");
    const tensor = { name: "a", shape: [2, 5], type: "F16", data: () => new Float32Array(9) } as const;
    await expect(writeGguf(path, new Map(), [{ ...tensor, type: "Q8_0" }])).rejects.toThrow(/multiple of 32/);
    await expect(writeGguf(path, new Map(), [tensor])).rejects.toThrow(/9 values/);
    await expect(writeGguf(path, new Map(), [tensor, tensor])).rejects.toThrow(/twice/);
  });

  it("holds numbers of 8 bits to within half a step of their block's scale", () => {
    const block = fc.float32Array({ minLength: 32, maxLength: 32, noNaN: true, min: -100, max: 100 });
    fc.assert(
      fc.property(block, (values) => {
        const largest = Math.max(...values.map(Math.abs));
        // Half a step, and what rounding the scale to half precision does to 127 of them.
        const most = (largest / 127) * (0.5 + 127 * 2 ** -11) + 127 * 2 ** -24;
        const read = unpackQ80(packQ80(values));
        expect(Math.max(...values.map((value, i) => Math.abs(read[i] - value)))).toBeLessThanOrEqual(most);
      }),
    );
  });
});

describe("llama.cpp's view of a model", () => {
  it("pairs neighbouring rows of a head where Hugging Face pairs its halves", () => {
    expect([...interleavedRows(2, 4)]).toEqual([0, 2, 1, 3, 4, 6, 5, 7]);
  });

  it("has other names, which lead back", () => {
    const names = ["model.layers.12.self_attn.o_proj.bias", "model.norm.weight", "lm_head.weight"];
    expect(names.map(ggufName)).toEqual(["blk.12.attn_output.bias", "output_norm.weight", "output.weight"]);
    expect(names.map(ggufName).map(huggingFaceName)).toEqual(names);
    expect(() => ggufName("model.layers.0.self_attn.rotary_emb.inv_freq")).toThrow(RangeError);
  });

  it("is the same function, for any plan, with and without biases, whatever MLP widths are padded to", async () => {
    const context = await exportContext(freePlan());
    const windows = (await context.reportWindows()).slice(0, 2);
    const { config } = context.model;
    await fc.assert(
      fc.asyncProperty(randomPlan, fc.boolean(), fc.constantFrom(1, 32), async (plan, biased, channelBlock) => {
        const compensated = biased ? biasesOf(plan) : noRepair;
        const sliced = sliceModel({ config, weights: context.weights, plan, compensated });
        const layout = ggufLayout(sliced, channelBlock);
        const { layers } = layout.model.shape;
        expect(layers[0].heads).toBeGreaterThan(0);
        expect(layers.filter(({ intermediateSize }) => intermediateSize === 0)).toEqual([]);
        const path = join(root, "exact.gguf");
        const metadata = new Map([
          ["general.architecture", string(layout.architecture.name)],
          ...hyperparameters(layout),
        ]);
        await writeGguf(path, metadata, ggufTensors(layout, "F32"));
        compareLosses("F32", await losses(sliced, windows), await fileLosses(path, sliced, windows));
      }),
      { numRuns: 6, seed: 11 },
    );
  });
});

async function losses({ shape, tensors }: SlicedModel, windows: readonly Int32Array[]): Promise<Float64Array> {
  return await slicedLosses({ shape, weights: new Map(tensors.map(({ name, data }) => [name, data()])), windows });
}

async function fileLosses(path: string, written: SlicedModel, windows: readonly Int32Array[]): Promise<Float64Array> {
  const file = await openGguf(path);
  const { shape, weights } = await modelOf(file, written.shape);
  await file.close();
  // Constants come back in single precision.
  const constants = { rmsNormEps: 1e-5 };
  return await slicedLosses({ shape: { ...shape, ...constants }, weights, windows });
}

describe("a gguf export", () => {
  it.each([
    ["llama", uniformPlan(), "none", [6, 129]],
    [
      "deci",
      freePlan(),
      "none",
      [
        [6, 6, 8, 6, 6],
        [137, 138, 138, 172, 138],
      ],
    ],
    [
      "deci",
      droppedPlan(),
      "bias",
      [
        [6, 0, 8, 6],
        [32, 138, 138, 138],
      ],
    ],
  ] as const)(
    "of architecture %s has two files that lose what the masked model loses, but for rounding",
    async (architecture, plan, repair, [heads, channels]) => {
      const context = await exportContext(plan, () => (repair === "bias" ? biasesOf(plan) : noRepair));
      const request = exportRequest(context, plan, join(root, `${architecture}-${repair}`));
      const { files } = await buildArtefact({ ...request, spec: { ...request.spec, export: { profiles: ["gguf"] } } });
      expect(files.map(({ name }) => name)).toEqual(
        ["LICENSE", "README.md", "SHA256SUMS", "model-F16.gguf", "model-Q8_0.gguf", "recipe.json", "search.json"].map(
          (name) => `gguf/${name}`,
        ),
      );
      const { metadata } = await readPublicly(join(request.target, "gguf/model-F16.gguf"), { allowLocalFile: true });
      expect(metadata).toMatchObject({
        "general.architecture": architecture,
        [`${architecture}.attention.head_count`]: heads,
        [`${architecture}.feed_forward_length`]: channels,
        [`${architecture}.attention.key_length`]: 8,
      });
      const card = await readFile(join(request.target, "gguf/README.md"), "utf8");
      expect(card).toMatch(/`model-F16.gguf`: its loss differs by (less than )?[\d.e-]+ %/);
    },
  );
});
