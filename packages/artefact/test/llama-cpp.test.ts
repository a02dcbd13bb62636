import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadTokenizer, openModel, readWeights } from "@espalier/model";
import { densePlan, type Plan } from "@espalier/pruning";
import { afterAll, describe, expect, it } from "vitest";
import { buildArtefact, checkRuntime, profileRegistry, type SlicedModel, sliceModel } from "../src/index.js";
import { interleavedRows } from "../src/profiles/gguf/rope-order.js";
import { findLlamaCpp } from "../src/runtimes/llama-cpp.js";
import type { RuntimeModel } from "../src/runtimes/runtime.js";
import { takeRows } from "../src/slice/select.js";
import { slicedLogits } from "../src/verify/sliced-logits.js";
import { byteLevelTokenizer, splittings } from "./support/byte-level-tokenizer.js";
import {
  biasesOf,
  corpusPath,
  droppedPlan,
  exportContext,
  exportRequest,
  freePlan,
  modelPath,
  noRepair,
  thinPlan,
  uniformPlan,
} from "./support/export-context.js";
import { hardText } from "./support/hard-text.js";
import { llamaCppGreedy } from "./support/llama-cpp-greedy.js";

const found = await findLlamaCpp({ threads: 1 });
const [runtime, missing] = "missing" in found ? [undefined, found.missing] : [found, ""];
const root = await mkdtemp(join(tmpdir(), "espalier-llama-cpp-"));
afterAll(async () => {
  await runtime?.close();
  await rm(root, { recursive: true, force: true });
});

/** A model loaded for as long as `use` takes. */
async function loaded<T>(path: string, use: (model: RuntimeModel) => Promise<T>): Promise<T> {
  if (runtime === undefined) throw new RangeError(missing);
  const model = await runtime.load(path);
  try {
    return await use(model);
  } finally {
    await model.close();
  }
}

const argmax = (row: Float32Array): number => row.indexOf(Math.max(...row));

const plans: readonly (readonly [string, Plan, "none" | "bias"])[] = [
  ["equal layers", uniformPlan(), "none"],
  ["equal layers with biases", uniformPlan(), "bias"],
  ["unequal layers", freePlan(), "none"],
  ["groups of unequal sizes", thinPlan(), "none"],
  ["absent sub-blocks and biases", droppedPlan(), "bias"],
];

describe.skipIf(runtime === undefined)(`gguf exports in the real llama.cpp ${missing}`, () => {
  it.each(plans)("of %s have our tokens, our logits and our greedy text", async (name, plan, repair) => {
    const context = await exportContext(plan, () => (repair === "bias" ? biasesOf(plan) : noRepair));
    const request = exportRequest(context, plan, join(root, name));
    // Building loads both files in llama.cpp and refuses to export what differs.
    await buildArtefact({ ...request, spec: { ...request.spec, export: { profiles: ["gguf"] } } });
    const card = await readFile(join(request.target, "gguf/README.md"), "utf8");
    expect(card).toMatch(/Loaded in llama\.cpp v[\d.]+ on the machine that made it: the same tokens/);
    expect(card).toMatch(/\| `model-F16\.gguf` \| 32 \| 0\.0\d+ \|.*\| \d+ % \|\n\| `model-Q8_0\.gguf` \| 32 \| /);

    const compensated = await context.compensatedWeights({}, plan);
    const sliced = sliceModel({ config: context.model.config, weights: context.weights, plan, compensated });
    const tokenizer = await loadTokenizer(modelPath);
    await loaded(join(request.target, "gguf/model-F16.gguf"), async (model) => {
      const corpus = (await readFile(corpusPath, "utf8")).slice(0, 20_000);
      for (const text of [hardText, corpus]) {
        expect([...(await model.tokenize(text))]).toEqual([...tokenizer.encode(text, { bos: false })]);
      }
    });
    const prompt = [...tokenizer.encode("Once upon a time", { bos: true })];
    const theirs = await llamaCppGreedy(join(request.target, "gguf/model-F16.gguf"), prompt, 24);
    // Of each beginning of their text ours must take the same next token: then ours is the same text.
    const rows = await slicedLogits(sliced, theirs);
    for (let at = prompt.length; at < theirs.length; at++) {
      const row = rows[at - 1];
      const behind = row[argmax(row)] - row[theirs[at]];
      // Zero, or two tokens as likely as rounding to half precision can tell.
      expect(behind).toBeLessThan(0.05);
    }
  });

  it("that were written wrongly are refused: rows in Hugging Face's order, another tokenizer, a broken file", async () => {
    const context = await exportContext(freePlan());
    const source = context.model;
    const right = sliceModel({
      config: source.config,
      weights: context.weights,
      plan: freePlan(),
      compensated: noRepair,
    });
    const folder = join(root, "wrong");
    await mkdir(folder);
    await profileRegistry.gguf.write(folder, { source, sliced: right, linkRoots: [] });
    const [window] = await context.reportWindows();
    const input = {
      label: "wrong",
      folder,
      profile: profileRegistry.gguf,
      sourcePath: modelPath,
      linkRoots: [],
      window,
    };
    const refusal = (message: RegExp) => ({
      code: "EXPORT_VERIFICATION_FAILED",
      message: expect.stringMatching(message),
    });
    await expect(checkRuntime({ ...input, sliced: unordered(right) })).rejects.toMatchObject(
      refusal(/differ by up to/),
    );
    const sourcePath = await withTokenizer("other", splittings["gpt-2"]);
    await expect(checkRuntime({ ...input, sliced: right, sourcePath })).rejects.toMatchObject(refusal(/otherwise/));
    await writeFile(join(folder, "model-F16.gguf"), "GGUF");
    await expect(checkRuntime({ ...input, sliced: right })).rejects.toMatchObject(refusal(/does not load/));
  });

  it.each(Object.entries(splittings))("have our tokens with a byte-level tokenizer of rule %s", async (name, rule) => {
    const path = await withTokenizer(name, rule);
    const source = await openModel(path);
    const plan = densePlan(source.config.shape);
    const weights = await readWeights(source);
    const sliced = sliceModel({ config: source.config, weights, plan, compensated: noRepair });
    const folder = join(root, `${name}-gguf`);
    await mkdir(folder);
    await profileRegistry.gguf.write(folder, { source, sliced, linkRoots: [] });
    const tokenizer = await loadTokenizer(path);
    await loaded(join(folder, "model-F16.gguf"), async (model) => {
      expect([...(await model.tokenize(hardText))]).toEqual([...tokenizer.encode(hardText, { bos: false })]);
    });
  });
});

/** The model that a file would hold whose q rows were not put into llama.cpp's order. */
const unordered = (sliced: SlicedModel): SlicedModel => ({
  ...sliced,
  tensors: sliced.tensors.map((tensor) =>
    tensor.name.endsWith("q_proj.weight")
      ? { ...tensor, data: () => takeRows(tensor.data(), 64, interleavedRows(tensor.shape[0] / 8, 8)) }
      : tensor,
  ),
});

/** The shipped model with a tokenizer of byte-level merges. */
async function withTokenizer(name: string, rule: (typeof splittings)[string]): Promise<string> {
  const path = join(root, name);
  await cp(modelPath, path, { recursive: true });
  const text = (await readFile(corpusPath, "utf8")).slice(0, 4000);
  await writeFile(join(path, "tokenizer.json"), JSON.stringify(byteLevelTokenizer(text, rule)));
  const config = { bos_token: "<|begin|>", eos_token: "<|end|>", add_bos_token: true };
  await writeFile(join(path, "tokenizer_config.json"), JSON.stringify(config));
  return path;
}
