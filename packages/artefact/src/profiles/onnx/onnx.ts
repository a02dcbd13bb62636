import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { cachedLogitsProgram, type WeightForm } from "@espalier/graph";
import { jsonText } from "../../documents/json-text.js";
import { carriedFiles, copyCarriedFiles } from "../../folder/copied-files.js";
import { fileLosses } from "../../onnx/file-losses.js";
import { parameterData } from "../../onnx/parameter-data.js";
import { writeOnnx } from "../../onnx/write-onnx.js";
import { findTransformersJs } from "../../runtimes/transformers-js.js";
import { withoutEmptyBlocks } from "../../slice/drop-blocks.js";
import { EXACT, type LossTolerance } from "../../verify/compare-losses.js";
import type { MeasureInput, Profile } from "../profile.js";
import { assertOnnxFits } from "./assert-fits.js";
import { generationConfig, onnxConfig } from "./config.js";

interface OnnxForm {
  readonly weights: WeightForm;
  /** Name as transformers.js makes it of its `dtype`: nothing for fp32, `_fp16`, `_quantized` for q8. */
  readonly file: string;
  readonly losses: LossTolerance;
  /** Of the span of the logits. */
  readonly logits: number;
}

/** The files of the profile. Tolerances are five times and more what rounding does to the shipped models (ADR 0034). */
const forms: readonly OnnxForm[] = [
  { weights: "float32", file: "model.onnx", losses: EXACT, logits: 1e-4 },
  { weights: "float16", file: "model_fp16.onnx", losses: { total: 1e-3, window: 4e-3 }, logits: 0.01 },
  { weights: "int8", file: "model_quantized.onnx", losses: { total: 2e-2, window: 7e-2 }, logits: 0.15 },
];

/** The folder, below the model's, in which transformers.js looks for model files. */
const FOLDER = "onnx";

const fileName = ({ file }: OnnxForm): string => posix.join(FOLDER, file);

/** A folder for transformers.js: the decoder with a cache as ONNX graphs, in single and half precision and in 8 bits. */
export const onnx: Profile = {
  assertFits: async (source) => assertOnnxFits(source.config),
  async write(folder, { source, sliced, linkRoots }) {
    assertOnnxFits(source.config);
    const written = withoutEmptyBlocks(sliced);
    const carried = await carriedFiles(source.path);
    await copyCarriedFiles(source.path, folder, carried, linkRoots);
    if (!carried.includes("generation_config.json")) {
      await writeFile(join(folder, "generation_config.json"), jsonText(generationConfig(source)));
    }
    if (!carried.includes("tokenizer_config.json")) {
      // transformers.js asks for the file; the class is the one that takes everything from tokenizer.json.
      const config = { tokenizer_class: "PreTrainedTokenizerFast" };
      await writeFile(join(folder, "tokenizer_config.json"), jsonText(config));
    }
    const data = parameterData(written.tensors);
    const external: Record<string, number> = {};
    for (const form of forms) {
      const graph = cachedLogitsProgram({ shape: written.shape, form: form.weights });
      const path = join(folder, fileName(form));
      await mkdir(dirname(path), { recursive: true });
      const count = await writeOnnx(path, graph, data);
      if (count > 0) external[form.file] = count;
    }
    await writeFile(join(folder, "config.json"), jsonText(onnxConfig(source, written, external)));
  },
  async *readBack(folder) {
    for (const form of forms) {
      const file = fileName(form);
      // On the CPU whatever the search ran on: GPUs without float16 do not open the second file.
      const losses = (input: MeasureInput) => fileLosses(join(folder, file), { ...input, provider: "cpu" });
      yield { file, tolerance: form.losses, losses };
    }
  },
  runtime: {
    find: findTransformersJs,
    files: forms.map((form) => ({ file: fileName(form), tolerance: form.logits })),
  },
  tested:
    "Espalier's tests compare tokens, logits and greedy text of files of this form with those of transformers.js 4.3.1.",
  loading: [
    "For transformers.js (`@huggingface/transformers` 4.3.1 or later), in Node and in browsers. `dtype` chooses the file:",
    "`fp32` is `onnx/model.onnx`, `fp16` is `onnx/model_fp16.onnx`, `q8` is `onnx/model_quantized.onnx`.",
    "",
    "```js",
    'import { env, pipeline } from "@huggingface/transformers";',
    "",
    "env.allowRemoteModels = false;",
    'env.localModelPath = "/folder/of/the/export/";',
    'const generate = await pipeline("text-generation", "onnx", { dtype: "fp32" });',
    'const [{ generated_text }] = await generate("Once upon a time", { max_new_tokens: 64 });',
    "```",
    "",
    "Each layer has keys and values of its own width, which the graph says. Versions of transformers.js that take one width for",
    "all layers from `config.json` load only exports of equal layers.",
  ].join("\n"),
};
