import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectedTensors, loadTokenizer, openModel, parseConfig, readWeights, writeSafetensors } from "@espalier/model";
import { densePlan, type Plan } from "@espalier/pruning";
import { AutoModelForCausalLM, env, type PreTrainedModel, pipeline, Tensor } from "@huggingface/transformers";
import { afterAll, describe, expect, it } from "vitest";
import { buildArtefact, profileRegistry, sliceModel } from "../src/index.js";
import { greedyTokens } from "../src/text/generate-text.js";
import {
  biasesOf,
  droppedPlan,
  exportContext,
  exportRequest,
  freePlan,
  modelPath,
  noRepair,
  thinPlan,
  uniformPlan,
} from "./support/export-context.js";

env.allowRemoteModels = false;
const root = await mkdtemp(join(tmpdir(), "espalier-transformers-js-"));
afterAll(() => rm(root, { recursive: true, force: true }));
const tokenizer = await loadTokenizer(modelPath);

const TOKENS = 24;
const PAD = 0n;

const plans: readonly (readonly [string, Plan, "none" | "bias"])[] = [
  ["equal layers", uniformPlan(), "none"],
  ["unequal layers", freePlan(), "none"],
  ["groups of unequal sizes", thinPlan(), "none"],
  ["absent sub-blocks and biases", droppedPlan(), "bias"],
];

async function exported(name: string, plan: Plan, repair: "none" | "bias"): Promise<string> {
  const context = await exportContext(plan, () => (repair === "bias" ? biasesOf(plan) : noRepair));
  const request = exportRequest(context, plan, join(root, name));
  // Building loads all files in transformers.js and refuses to export what differs.
  await buildArtefact({ ...request, spec: { ...request.spec, export: { profiles: ["native", "onnx"] } } });
  return request.target;
}

/** What the model makes of rows of tokens, shorter ones padded on the left; without the padding. */
async function generated(model: PreTrainedModel, rows: readonly (readonly number[])[]): Promise<number[][]> {
  const width = Math.max(...rows.map((row) => row.length));
  const padded = (of: (id: number | undefined) => bigint): Tensor => {
    const cells = rows.flatMap((row) => Array.from({ length: width }, (_, at) => of(row[at - width + row.length])));
    return new Tensor("int64", BigInt64Array.from(cells), [rows.length, width]);
  };
  const sequences = await model.generate({
    inputs: padded((id) => (id === undefined ? PAD : BigInt(id))),
    attention_mask: padded((id) => (id === undefined ? 0n : 1n)),
    max_new_tokens: TOKENS,
    do_sample: false,
  } as Parameters<PreTrainedModel["generate"]>[0]);
  if (!(sequences instanceof Tensor)) throw new TypeError("transformers.js gave no tensor of tokens");
  const every = sequences.tolist() as bigint[][];
  return every.map((row, r) => row.slice(width - rows[r].length).map(Number));
}

async function opened<T>(folder: string, dtype: "fp32" | "fp16" | "q8", use: (model: PreTrainedModel) => Promise<T>) {
  const model = await AutoModelForCausalLM.from_pretrained(folder, { dtype, device: "cpu" });
  try {
    return await use(model);
  } finally {
    await model.dispose();
  }
}

/** The shipped model as a Qwen2: with biases, and a window in its last layers. */
async function writeQwen2(folder: string): Promise<void> {
  await cp(modelPath, folder, { recursive: true });
  const raw: Record<string, unknown> = JSON.parse(await readFile(join(folder, "config.json"), "utf8"));
  const windows = { use_sliding_window: true, sliding_window: 8, max_window_layers: 3 };
  const config = { ...raw, ...windows, model_type: "qwen2", architectures: ["Qwen2ForCausalLM"] };
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
  const weights = await readWeights(await openModel(modelPath));
  const tensors = expectedTensors(parseConfig(JSON.stringify(config))).map(({ name, shape }) => {
    const bias = Float32Array.from({ length: shape[0] }, (_, i) => 0.2 * Math.sin(i));
    return { name, shape, dtype: "F32" as const, data: weights.get(name) ?? bias };
  });
  await writeSafetensors(join(folder, "model.safetensors"), tensors);
}

describe("onnx exports in the real transformers.js", () => {
  it.each(plans)("of %s have our tokens, our logits and our greedy text", async (name, plan, repair) => {
    const target = await exported(name, plan, repair);
    const card = await readFile(join(target, "onnx/README.md"), "utf8");
    expect(card).toMatch(/Loaded in transformers\.js 4\.3\.1 on the machine that made it: the same tokens/);
    expect(card).toMatch(/\| `onnx\/model_quantized\.onnx` \| 32 \| 0\.\d+ \|/);

    const native = await openModel(join(target, "native"));
    const prompts = ["Once upon a time", "The big dog ran to the park and"].map((text) => [
      ...tokenizer.encode(text, { bos: true }),
    ]);
    const ours = await Promise.all(prompts.map((prompt) => greedyTokens(native, prompt, { tokens: TOKENS })));
    await opened(join(target, "onnx"), "fp32", async (model) => {
      for (const [i, prompt] of prompts.entries()) expect(await generated(model, [prompt])).toEqual([ours[i]]);
      expect(await generated(model, prompts)).toEqual(ours);
    });
  });

  it("of another family give our greedy text, fp16 and q8 files its beginning", async () => {
    const folder = join(root, "qwen2");
    await writeQwen2(folder);
    const source = await openModel(folder);
    const [config, weights] = [source.config, await readWeights(source)];
    const sliced = sliceModel({ config, weights, plan: densePlan(config.shape), compensated: noRepair });
    const target = join(root, "qwen2-onnx");
    await mkdir(target);
    await profileRegistry.onnx.write(target, { source, sliced, linkRoots: [] });
    const prompt = [...tokenizer.encode("Once upon a time", { bos: true })];
    const ours = await greedyTokens(source, prompt, { tokens: TOKENS });
    expect(await opened(target, "fp32", (model) => generated(model, [prompt]))).toEqual([ours]);
    for (const dtype of ["fp16", "q8"] as const) {
      const [theirs] = await opened(target, dtype, (model) => generated(model, [prompt]));
      expect(theirs.slice(0, prompt.length + 4)).toEqual(ours.slice(0, prompt.length + 4));
    }
  });

  it("give our text through the pipeline that cards show", async () => {
    const target = await exported("pipeline", freePlan(), "none");
    const generate = await pipeline("text-generation", join(target, "onnx"), { dtype: "fp32", device: "cpu" });
    const answer = await generate("Once upon a time", { max_new_tokens: TOKENS, do_sample: false });
    await generate.dispose();
    const native = await openModel(join(target, "native"));
    const ours = await greedyTokens(native, tokenizer.encode("Once upon a time", { bos: true }), { tokens: TOKENS });
    expect(answer).toEqual([{ generated_text: tokenizer.decode(ours) }]);
  });
});
