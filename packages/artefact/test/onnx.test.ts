import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DecoderShape, LayerShape } from "@espalier/contracts";
import { cachedLogitsProgram, cacheNames, openModelFile, type WeightForm } from "@espalier/graph";
import { expectedTensors, type FamilyName } from "@espalier/model";
import { afterAll, describe, expect, it } from "vitest";
import type { SlicedModel } from "../src/index.js";
import { int8Rows, rowScales } from "../src/onnx/int8-rows.js";
import { parameterData } from "../src/onnx/parameter-data.js";
import { writeOnnx } from "../src/onnx/write-onnx.js";
import { assertOnnxFits } from "../src/profiles/onnx/assert-fits.js";
import { slicedLogits } from "../src/verify/sliced-logits.js";
import { cachedRun } from "./support/cached-run.js";

const root = await mkdtemp(join(tmpdir(), "espalier-onnx-"));
afterAll(() => rm(root, { recursive: true, force: true }));

const layer = (heads: number, kvHeads: number, intermediateSize: number, slidingWindow?: number): LayerShape => ({
  heads,
  kvHeads,
  intermediateSize,
  ...(slidingWindow === undefined ? {} : { slidingWindow }),
});

const base: DecoderShape = {
  hiddenSize: 24,
  headDim: 6,
  vocabSize: 40,
  maxPositions: 64,
  ropeTheta: 10_000,
  rmsNormEps: 1e-5,
  tiedEmbeddings: true,
  layers: [layer(4, 2, 20), layer(4, 2, 20)],
};

const attention = ["q_proj", "k_proj", "v_proj"] as const;
const llama3 = { type: "llama3", factor: 4, lowFrequencyFactor: 1, highFrequencyFactor: 4 } as const;

const shapes: readonly (readonly [string, FamilyName, DecoderShape])[] = [
  ["grouped heads and tied embeddings", "llama", base],
  ["one key-value head for all", "llama", { ...base, layers: [layer(4, 1, 20), layer(3, 1, 7)] }],
  [
    "untied embeddings and unequal layers",
    "llama",
    { ...base, tiedEmbeddings: false, layers: [layer(2, 2, 5), layer(6, 3, 30)] },
  ],
  ["layers without attention or MLP", "llama", { ...base, layers: [layer(0, 0, 9), layer(4, 2, 0), layer(2, 1, 4)] }],
  ["no attention at all", "llama", { ...base, layers: [layer(0, 0, 9), layer(0, 0, 3)] }],
  ["scaled rotary embedding", "llama", { ...base, ropeScaling: { ...llama3, originalMaxPositions: 16 } }],
  ["a sliding window", "mistral", { ...base, layers: [layer(4, 2, 20, 3), layer(4, 2, 20, 3)] }],
  ["windows in some layers", "qwen2", { ...base, biases: attention, layers: [layer(4, 2, 20, 3), layer(4, 2, 20)] }],
  ["normalised queries and keys", "qwen3", { ...base, qkNorm: true }],
];

/** A model of random weights that are as large as trained ones. */
function randomModel(family: FamilyName, shape: DecoderShape): SlicedModel {
  const tensors = expectedTensors({ family, shape }).map((expected, index) => ({
    ...expected,
    untouched: true,
    data: () => {
      let state = (index + 1) * 2_654_435_761;
      const next = (): number => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return state / 2 ** 32 - 0.5;
      };
      const length = expected.shape.reduce((product, size) => product * size, 1);
      const norm = expected.name.includes("norm");
      return Float32Array.from({ length }, () => (norm ? 1 + 0.2 * next() : next()));
    },
  }));
  return { family, shape, tensors };
}

async function written(name: string, model: SlicedModel, form: WeightForm, limit?: number): Promise<string> {
  const path = join(root, `${name}-${form}.onnx`);
  await writeOnnx(path, cachedLogitsProgram({ shape: model.shape, form }), parameterData(model.tensors), limit);
  return path;
}

const texts = [
  [1, 17, 4, 33, 9, 21, 38, 5, 12],
  [30, 2, 2, 19, 7],
] as const;

/** Largest difference of the logits of a file, row by row padded on the left and in several runs, from ours. */
async function largestDifference(path: string, model: SlicedModel, runs: readonly number[]): Promise<number> {
  const file = await openModelFile(path);
  try {
    const rows = await cachedRun(file, texts, runs);
    let largest = 0;
    for (const [r, ids] of texts.entries()) {
      const ours = await slicedLogits(model, ids);
      for (const [at, expected] of ours.entries()) {
        expected.forEach((logit, token) => {
          largest = Math.max(largest, Math.abs(logit - (rows[r]?.[at]?.[token] ?? Number.NaN)));
        });
      }
    }
    return largest;
  } finally {
    await file.release();
  }
}

describe("a decoder with a cache", () => {
  it.each(shapes)(
    "of %s gives our logits, whole and token by token, in a batch padded on the left",
    async (name, family, shape) => {
      const model = randomModel(family, shape);
      const path = await written(name, model, "float32");
      for (const runs of [[9], [3, 4, 1, 1], [1, 1, 1, 1, 1, 1, 1, 1, 1]]) {
        expect(await largestDifference(path, model, runs)).toBeLessThan(2e-5);
      }
    },
  );

  it.each([
    ["float16", 0.01],
    ["int8", 0.15],
  ] as const)("rounds its matrices to %s and nothing else", async (form, most) => {
    const model = randomModel("qwen2", { ...base, tiedEmbeddings: false, biases: attention });
    const path = await written("rounded", model, form);
    const difference = await largestDifference(path, model, [4, 1, 4]);
    expect(difference).toBeGreaterThan(1e-4);
    expect(difference).toBeLessThan(most);
  });

  it("keeps keys and values of each layer's own heads, in half precision where the weights are", async () => {
    const model = randomModel("llama", { ...base, layers: [layer(0, 0, 9), layer(4, 2, 4), layer(3, 3, 0)] });
    const file = await openModelFile(await written("caches", model, "float16"));
    const caches = file.inputs.filter(({ name }) => name.startsWith(cacheNames.pastPrefix));
    await file.release();
    const symbols = (kvHeads: number) => ["batch_size", kvHeads, "past_sequence_length", 6];
    expect(caches.map(({ name, type, shape }) => [name, type, shape])).toEqual([
      ["past_key_values.1.key", "float16", symbols(2)],
      ["past_key_values.1.value", "float16", symbols(2)],
      ["past_key_values.2.key", "float16", symbols(3)],
      ["past_key_values.2.value", "float16", symbols(3)],
    ]);
  });

  it("gives logits of the last positions only where they are asked for", async () => {
    const model = randomModel("llama", base);
    const file = await openModelFile(await written("last", model, "float32"));
    const [whole] = await cachedRun(file, [texts[0]], [9]);
    const [last] = await cachedRun(file, [texts[0]], [9], 2);
    await file.release();
    expect(last).toEqual(whole.slice(-2));
  });

  it("uses operations that every execution provider has", () => {
    const { model } = cachedLogitsProgram({ shape: base, form: "float32" });
    const own = model.nodes.filter(({ domain }) => domain !== "").map(({ opType }) => opType);
    expect(new Set(own)).toEqual(new Set(["RotaryEmbedding", "QuickGelu"]));
  });
});

describe("a model that does not fit into one file", () => {
  it("has its numbers in files beside it, none above the limit, and gives the same logits", async () => {
    const model = randomModel("llama", base);
    const path = await written("large", model, "float32", 9000);
    const beside = (await readdir(root)).filter((name) => name.startsWith("large-float32.onnx_data")).sort();
    expect(beside[0]).toBe("large-float32.onnx_data");
    expect(beside[1]).toBe("large-float32.onnx_data_1");
    expect(await largestDifference(path, model, [5, 4])).toBeLessThan(2e-5);
  });

  it("asks for each tensor's numbers when it writes them, one after the other", async () => {
    const model = randomModel("llama", base);
    const asked: string[] = [];
    const data = parameterData(
      model.tensors.map((tensor) => ({
        ...tensor,
        data: () => {
          asked.push(tensor.name);
          return tensor.data();
        },
      })),
    );
    await writeOnnx(join(root, "asked.onnx"), cachedLogitsProgram({ shape: base, form: "float16" }), data);
    expect(asked.sort()).toEqual(model.tensors.map(({ name }) => name).sort());
  });
});

describe("int8 rows", () => {
  it("are the nearest steps of their row's scale", () => {
    const matrix = Float32Array.of(0.5, -1, 0.249, 0, 0, 0, 254, -127, 1);
    expect([...rowScales(matrix, 3)]).toEqual([Math.fround(1 / 127), 0, 2]);
    expect([...int8Rows(matrix, 3)]).toEqual([64, -127, 32, 0, 0, 0, 127, -63, 1]);
  });
});

describe("models that the graph does not compute", () => {
  it.each([
    [{ ...base, maxPositions: 300_000 }, /300000 positions/],
    [{ ...base, layers: [{ ...layer(4, 2, 20), experts: { count: 4, perToken: 2, normalised: true } }] }, /mixture/],
  ] as const)("are refused before the search", (shape, message) => {
    expect(() => assertOnnxFits({ shape })).toThrow(message);
  });
});
