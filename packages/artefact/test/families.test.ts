import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExportProfile } from "@espalier/contracts";
import { openModel } from "@espalier/model";
import type { Plan } from "@espalier/pruning";
import { afterAll, describe, expect, it } from "vitest";
import { openGguf } from "../src/gguf/read-gguf.js";
import { assertProfilesFit, buildArtefact, generateText } from "../src/index.js";
import {
  biasesOf,
  exportContext,
  exportRequest,
  freePlan,
  noRepair,
  shortPlan,
  uniformPlan,
} from "./support/export-context.js";
import { familyFolder } from "./support/family-folder.js";

const root = await mkdtemp(join(tmpdir(), "espalier-families-"));
afterAll(() => rm(root, { recursive: true, force: true }));

const linear = { rope_scaling: { rope_type: "linear", factor: 4 } };
const llama3 = {
  rope_scaling: {
    ...{ rope_type: "llama3", factor: 8, low_freq_factor: 1, high_freq_factor: 4 },
    original_max_position_embeddings: 64,
  },
};
const switches = { architectures: ["Qwen2ForCausalLM"], model_type: "qwen2", use_sliding_window: true };

interface Case {
  readonly name: string;
  readonly keys: Readonly<Record<string, unknown>>;
  readonly plan: Plan;
  readonly biased?: boolean;
  readonly profiles: readonly ExportProfile[];
  /** In llama.cpp. */
  readonly architecture?: string;
  /** Keys of the plain folders. */
  readonly plain?: Readonly<Record<string, unknown>>;
}

// Each build reads its files back, compares losses, and loads the GGUF files in llama.cpp where it is on the machine.
const cases: readonly Case[] = [
  {
    name: "qwen2, all heads",
    keys: { model_type: "qwen2", architectures: ["Qwen2ForCausalLM"] },
    plan: { layers: uniformPlan().layers.map((layer) => ({ ...layer, kvGroups: Int32Array.of(0, 1, 2, 3) })) },
    profiles: ["native", "gguf"],
    architecture: "qwen2",
  },
  {
    name: "qwen2, fewer heads",
    keys: { model_type: "qwen2", architectures: ["Qwen2ForCausalLM"] },
    plan: uniformPlan(),
    profiles: ["native", "uniform", "padded", "gguf"],
    architecture: "llama",
    plain: { model_type: "qwen2", use_sliding_window: false },
  },
  {
    name: "qwen2, unequal layers, compensation",
    keys: { model_type: "qwen2", ...linear },
    plan: freePlan(),
    biased: true,
    profiles: ["native", "padded", "gguf"],
    architecture: "deci",
    plain: { model_type: "llama", attention_bias: true, mlp_bias: true },
  },
  {
    name: "qwen2, windows by layer, blocks dropped",
    keys: { ...switches, sliding_window: 20, max_window_layers: 3 },
    plan: shortPlan(),
    profiles: ["native", "uniform"],
    plain: {
      sliding_window: 20,
      layer_types: ["full_attention", "sliding_attention", "sliding_attention"],
    },
  },
  {
    name: "qwen3, equal layers",
    keys: { model_type: "qwen3", head_dim: 16, ...linear },
    plan: uniformPlan(),
    profiles: ["native", "uniform", "gguf"],
    architecture: "qwen3",
    plain: { model_type: "qwen3", attention_bias: false },
  },
  {
    name: "mistral, unequal layers, a window",
    keys: { model_type: "mistral", sliding_window: 32 },
    plan: freePlan(),
    profiles: ["native", "padded"],
    plain: { model_type: "mistral", sliding_window: 32 },
  },
  {
    name: "mistral, unequal layers, no window",
    keys: { model_type: "mistral", sliding_window: null },
    plan: freePlan(),
    profiles: ["gguf", "native"],
    architecture: "deci",
  },
  {
    name: "llama, llama3 rope, all biases, untied",
    keys: { ...llama3, attention_bias: true, mlp_bias: true, tie_word_embeddings: false },
    plan: uniformPlan(),
    biased: true,
    profiles: ["native", "uniform", "gguf"],
    architecture: "llama",
    plain: { model_type: "llama", attention_bias: true, mlp_bias: true },
  },
];

describe("exports of", () => {
  it.each(cases)("$name hold the pruned model", async ({ name, keys, plan, biased, profiles, architecture, plain }) => {
    const path = await familyFolder(join(root, name), keys);
    const context = await exportContext(plan, () => (biased ? biasesOf(plan) : noRepair), path);
    const request = exportRequest(context, plan, join(root, `${name}, pruned`));
    await buildArtefact({ ...request, spec: { ...request.spec, export: { profiles: [...profiles] } } });
    for (const profile of profiles.filter((each) => each === "uniform" || each === "padded")) {
      expect(JSON.parse(await readFile(join(request.target, profile, "config.json"), "utf8"))).toMatchObject({
        ...plain,
      });
    }
    const native = await openModel(join(request.target, "native"));
    expect(native.config.family).toBe(keys["model_type"] ?? "llama");
    expect(await generateText({ modelPath: native.path, prompt: "Once", tokens: 3 })).toContain("Once");
    if (architecture === undefined) return;
    const file = await openGguf(join(request.target, "gguf/model-F16.gguf"));
    await file.close();
    expect(file.metadata.get("general.architecture")?.value).toBe(architecture);
  });

  it.each([
    ["qwen3", {}, { equalLayers: false }, ["gguf"], /equal widths only/],
    ["qwen3", {}, { addsBiases: true }, ["padded"], /no keys for this model/],
    ["mistral", { sliding_window: 32 }, {}, ["gguf"], /sliding window of 32/],
    ["mistral", { sliding_window: 32 }, { addsBiases: true }, ["uniform"], /no keys for this model/],
  ] as const)("a %s with %o is refused at the start of a job of %o as %s", async (family, keys, job, profiles, why) => {
    const path = await familyFolder(await mkdtemp(join(root, "refused-")), { model_type: family, ...keys });
    const bounds = { equalLayers: true, addsBiases: false };
    await expect(assertProfilesFit(path, profiles, [], { ...bounds, ...job })).rejects.toMatchObject({
      code: "VALIDATION_FAILED",
      message: expect.stringMatching(why),
    });
    await assertProfilesFit(path, ["native"], [], { ...bounds, ...job });
  });
});
