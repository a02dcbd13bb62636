import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inputNames } from "@espalier/graph";
import { openModel, openSafetensors, parseConfig, readWeights } from "@espalier/model";
import { type Plan, planShape } from "@espalier/pruning";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildArtefact, compareLosses, generateText, slicedLosses } from "../src/index.js";
import {
  biasesOf,
  droppedPlan,
  exportContext,
  exportRequest,
  freePlan,
  modelPath,
  noRepair,
  scaled,
  shortPlan,
  thinPlan,
  uniformPlan,
} from "./support/export-context.js";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "espalier-artefact-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const json = async (path: string): Promise<Record<string, unknown>> => JSON.parse(await readFile(path, "utf8"));

async function contentsOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const pairs = files.map(async (path) => [path.slice(folder.length + 1), await readFile(path, "base64")] as const);
  return Object.fromEntries((await Promise.all(pairs)).sort());
}

describe("a native export", () => {
  it("reads back as the sliced model, with the losses of the masked one", async () => {
    const plan = freePlan();
    const context = await exportContext(plan);
    const target = join(root, "native");
    const { files } = await buildArtefact(exportRequest(context, plan, target));

    const model = await openModel(join(target, "native"));
    expect(model.config.shape.layers).toEqual(planShape(context.shape, plan).layers);
    const { espalier_layers: _, ...standard } = model.config.raw;
    expect(parseConfig(JSON.stringify(standard)).shape, "by transformers' keys alone").toEqual(model.config.shape);
    const windows = await context.reportWindows();
    const masked = await context.maskedReportLosses(plan, await context.compensatedWeights({}, plan));
    const sliced = await slicedLosses({ shape: model.config.shape, weights: await readWeights(model), windows });
    expect(compareLosses("test", masked, sliced).relativeDifference).toBeLessThan(1e-5);

    expect(files.map(({ name }) => name)).toEqual([
      "native/LICENSE",
      "native/README.md",
      "native/SHA256SUMS",
      "native/config.json",
      "native/model.safetensors",
      "native/recipe.json",
      "native/search.json",
      "native/tokenizer.json",
      "native/tokenizer_config.json",
    ]);
  });

  it("carries tokenizer and licence on byte for byte", async () => {
    for (const name of ["tokenizer.json", "tokenizer_config.json", "LICENSE"]) {
      expect(await readFile(join(root, "native/native", name))).toEqual(await readFile(join(modelPath, name)));
    }
  });

  it("has checksums that sha256sum accepts", () => {
    const said = execFileSync("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: join(root, "native/native") });
    expect(String(said).trim().split("\n")).toHaveLength(8);
  });

  it("names no place of this machine in its documents", async () => {
    for (const name of ["recipe.json", "search.json", "README.md", "config.json"]) {
      expect(await readFile(join(root, "native/native", name), "utf8")).not.toContain(process.cwd());
    }
  });

  it("has a recipe with inputs, plan and versions, and a search log sorted by number", async () => {
    const recipe = await json(join(root, "native/native/recipe.json"));
    expect(recipe).toMatchObject({
      versions: { onnxruntime: "1.30.0" },
      sha256: {
        model: expect.stringMatching(/^[0-9a-f]{64}$/),
        corpora: { "tinystories-valid.txt": expect.any(String) },
      },
      spec: { search: { seed: 7 } },
      winners: [{ trial_number: 1, params: { power: 1 } }],
    });
    expect(recipe["spec"]).not.toHaveProperty("labels");
    const search = await json(join(root, "native/native/search.json"));
    expect(search["trials"]).toMatchObject([{ number: 0 }, { number: 1 }]);
  });
});

describe("the model card", () => {
  const card = () => readFile(join(root, "native/native/README.md"), "utf8");

  it("says in one sentence how much better than the best baseline the model is", async () => {
    expect(await card()).toContain(
      "better than the best baseline (taylor_second) by 5.0 % [1.0 %, 9.0 %] of perplexity",
    );
  });

  it("says what the texts repeat of each other, warnings first, and so does the search log", async () => {
    expect(await card()).toMatch(
      /## Texts\n\n\*\*Warning:\*\* 2 of 8 report windows.*\n\n- 25\.0 % of the 13-grams of the report text also/,
    );
    const search = await json(join(root, "native/native/search.json"));
    expect(search["contamination"]).toMatchObject([{ split: "report", other: "scoring", windows_repeated: 2 }]);
    expect((await json(join(root, "native/native/recipe.json")))["spec"]).not.toHaveProperty("contamination");
  });
});

describe("the same request", () => {
  it("gives the same bytes, whatever order a database returns", async () => {
    const plan = freePlan();
    const context = await exportContext(plan);
    const request = exportRequest(context, plan, join(root, "twice"));
    await buildArtefact(request);
    const first = await contentsOf(request.target);
    await buildArtefact({
      ...request,
      winners: request.winners.map((winner) => ({ ...winner, params: { agg: "sum", power: 1 } })),
      trials: [...request.trials].reverse(),
    });
    expect(await contentsOf(request.target)).toEqual(first);
    expect((await readdir(root)).filter((name) => name.startsWith(".twice"))).toEqual([]);
  });
});

describe("compensated weights", () => {
  it("are exported in place of the dense ones", async () => {
    const plan = freePlan();
    const context = await exportContext(plan, (weights) => scaled(weights, 1.1));
    await buildArtefact(exportRequest(context, plan, join(root, "scaled")));
    const model = await openModel(join(root, "scaled/native"));
    const dense = await openModel(join(root, "native/native"));
    const name = "model.layers.2.self_attn.o_proj.weight";
    const kept = (await readWeights(dense)).get(name) ?? new Float32Array();
    expect((await readWeights(model)).get(name)).toEqual(kept.map((x) => x * 1.1));
  });

  it("fail the export when they are not those that were scored, and nothing appears", async () => {
    const plan = freePlan();
    const context = await exportContext(plan, (weights) => scaled(weights, 1.001));
    const wrong = { ...context, compensatedWeights: async () => scaled(context.weights, 1.1) };
    const scoredOtherwise = {
      ...wrong,
      maskedReportLosses: async () => context.maskedReportLosses(plan, await context.compensatedWeights({}, plan)),
    };
    const target = join(root, "wrong");
    await expect(buildArtefact(exportRequest(scoredOtherwise, plan, target))).rejects.toMatchObject({
      code: "EXPORT_VERIFICATION_FAILED",
      message: expect.stringMatching(/total NLL of [\d.]+ on 8 report windows/),
    });
    expect((await readdir(root)).filter((name) => name.includes("wrong"))).toEqual([]);
  });

  it("may be biases: of o and down in the native form, those that Llama loaders know in the uniform one", async () => {
    const plan = uniformPlan();
    const context = await exportContext(plan, () => ({
      weights: new Map(),
      biases: new Map(
        [0, 1, 2, 3, 4].flatMap((l) => [
          [inputNames.projectionBias(l, "o_proj"), new Float32Array(64).fill(0.01 * l)],
          [inputNames.projectionBias(l, "down_proj"), new Float32Array(64).fill(-0.02)],
        ]),
      ),
      method: "bias" as const,
    }));
    const request = exportRequest(context, plan, join(root, "biased"));
    await buildArtefact({ ...request, spec: { ...request.spec, export: { profiles: ["native", "uniform"] } } });
    const { config } = await openModel(join(root, "biased/native"));
    expect(config.shape.biases).toEqual(["o_proj", "down_proj"]);
    const prompt = "Once upon a time";
    expect(await generateText({ modelPath: join(root, "biased/native"), prompt, tokens: 4 })).toContain(prompt);
    expect(await json(join(root, "biased/uniform/config.json"))).toMatchObject({
      attention_bias: true,
      mlp_bias: true,
    });
  });
});

describe("dropped sub-blocks", () => {
  it.each([
    ["as they are", () => undefined],
    ["refitted", (weights: ReadonlyMap<string, Float32Array>) => scaled(weights, 1.1)],
    ["with biases", () => biasesOf(droppedPlan())],
  ] as const)("are absent from a native export, which verifies (%s)", async (name, compensate) => {
    const plan = droppedPlan();
    const context = await exportContext(plan, (weights) => compensate(weights) ?? noRepair);
    const target = join(root, `dropped ${name}`);
    await buildArtefact(exportRequest(context, plan, target));
    const model = await openModel(join(target, "native"));
    expect(model.config.shape.layers).toEqual(planShape(context.shape, plan).layers);
    expect([...model.tensors.keys()].filter((tensor) => tensor.includes("layers.3."))).toEqual([]);
    expect(await generateText({ modelPath: model.path, prompt: "Once", tokens: 3 })).toContain("Once");
  });

  it.each(["none", "bias"] as const)(
    "leave fewer layers in a uniform export where blocks went whole (%s)",
    async (method) => {
      const plan = shortPlan();
      const context = await exportContext(plan, () => (method === "bias" ? biasesOf(plan) : noRepair));
      const request = exportRequest(context, plan, join(root, `short ${method}`));
      await buildArtefact({ ...request, spec: { ...request.spec, export: { profiles: ["native", "uniform"] } } });
      const folder = join(request.target, "uniform");
      expect(await json(join(folder, "config.json"))).toMatchObject({ num_hidden_layers: 3, intermediate_size: 129 });
      const native = await readWeights(await openSafetensors(join(request.target, "native/model.safetensors")));
      const uniform = await readWeights(await openSafetensors(join(folder, "model.safetensors")));
      const second = (l: number) => `model.layers.${l}.mlp.down_proj.weight`;
      expect(uniform.get(second(1))).toEqual(native.get(second(3)));
      if (method === "none") {
        const { config } = await openModel(folder);
        expect(config.uniform).toBe(true);
      }
    },
  );

  it("are refused by the uniform form where a block keeps its other half", async () => {
    const plan: Plan = {
      layers: uniformPlan().layers.map((layer, l) => (l === 1 ? { ...layer, channels: Int32Array.of() } : layer)),
    };
    const request = exportRequest(await exportContext(plan), plan, join(root, "halved"));
    const halved = { ...request, spec: { ...request.spec, export: { profiles: ["uniform" as const] } } };
    await expect(buildArtefact(halved)).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });
});

describe("query heads that left inside KV groups", () => {
  it("are cut out of the native form, which loses what the masked model loses", async () => {
    const plan = thinPlan();
    const request = exportRequest(await exportContext(plan), plan, join(root, "thin"));
    await buildArtefact(request);
    const { shape } = (await openModel(join(request.target, "native"))).config;
    expect(shape).toEqual(planShape(request.context.shape, plan));
    expect(shape.layers.map(({ heads, kvHeads }) => heads / kvHeads)).toEqual([2, 1, 2, 1, 2]);
    const { winners } = await json(join(request.target, "native/recipe.json"));
    expect(winners).toMatchObject([{ plan: [{}, { query_heads: [0, 3, 4, 7] }, {}, {}, {}] }]);
  });

  it("leave a plain Llama folder where all layers lost as many", async () => {
    const plan = thinPlan(uniformPlan(), () => true);
    const request = exportRequest(await exportContext(plan), plan, join(root, "thin-uniform"));
    await buildArtefact({ ...request, spec: { ...request.spec, export: { profiles: ["uniform"] } } });
    const { config } = await openModel(join(request.target, "uniform"));
    // Three heads, and one of zeros: transformers takes numbers that divide the hidden size.
    const widths = { heads: 4, kvHeads: 4, intermediateSize: 129 };
    expect([config.uniform, config.shape.layers]).toEqual([true, Array.from({ length: 5 }, () => widths)]);
  });

  it("are refused by the uniform form where only some layers lost any", async () => {
    const plan = thinPlan(uniformPlan());
    const request = exportRequest(await exportContext(plan), plan, join(root, "thin-uneven"));
    const uneven = { ...request, spec: { ...request.spec, export: { profiles: ["uniform" as const] } } };
    await expect(buildArtefact(uneven)).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });
});

describe("several sparsities and profiles", () => {
  it("get a folder each", async () => {
    const plan = uniformPlan();
    const context = await exportContext(plan);
    const request = exportRequest(context, plan, join(root, "several"));
    const [winner] = request.winners;
    const [best] = request.report.best;
    const steps: number[] = [];
    await buildArtefact({
      ...request,
      spec: { ...request.spec, export: { profiles: ["native", "uniform"] } },
      winners: [winner, { ...winner, sparsity: 0.5 }],
      report: { ...request.report, best: [best, { ...best, sparsity: 0.5 }] },
      onProgress: ({ done, of }) => steps.push(done / of),
    });
    for (const sparsity of [0.2, 0.5]) {
      for (const profile of ["native", "uniform"]) {
        expect(existsSync(join(root, `several/sparsity-${sparsity}/${profile}/model.safetensors`))).toBe(true);
      }
    }
    expect(steps.at(-1)).toBe(1);
  });

  it("in the uniform form are plain Llama folders", async () => {
    const folder = join(root, "several/sparsity-0.2/uniform");
    const config = await json(join(folder, "config.json"));
    expect(config).toMatchObject({
      num_attention_heads: 8,
      num_key_value_heads: 4,
      intermediate_size: 129,
      head_dim: 8,
    });
    expect(Object.keys(config).filter((key) => /espalier/.test(key))).toEqual([]);
    expect((await openModel(folder)).config.uniform).toBe(true);
  });

  it("refuse the uniform form for layers of different widths", async () => {
    const plan = freePlan();
    const request = exportRequest(await exportContext(plan), plan, join(root, "uneven"));
    const uneven = { ...request, spec: { ...request.spec, export: { profiles: ["uniform" as const] } } };
    await expect(buildArtefact(uneven)).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });
});
