import { basename, dirname } from "node:path";
import type * as TransformersJs from "@huggingface/transformers";
import type { FoundRuntime, RuntimeMachine, RuntimeModel } from "./runtime.js";

/** The `dtype` by which transformers.js finds each of our files. */
const dtypes: Readonly<Record<string, "fp32" | "fp16" | "q8">> = {
  "model.onnx": "fp32",
  "model_fp16.onnx": "fp16",
  "model_quantized.onnx": "q8",
};

/** The package `@huggingface/transformers`, on the CPU and without the network, if it is installed. */
export async function findTransformersJs({ threads }: Pick<RuntimeMachine, "threads">): Promise<FoundRuntime> {
  try {
    // By a variable name: the package is optional, and a bundler must not take it along.
    const name = "@huggingface/transformers";
    const library: typeof TransformersJs = await import(name);
    library.env.allowRemoteModels = false;
    return {
      name: `transformers.js ${library.env.version}`,
      load: (path) => load(library, path, threads),
      close: async () => undefined,
    };
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    return { missing: `the package '@huggingface/transformers' is not here or does not run (${why})` };
  }
}

/** Loads one of the files of a folder `…/onnx/model*.onnx` with the configs and the tokenizer above it. */
async function load(library: typeof TransformersJs, path: string, threads: number): Promise<RuntimeModel> {
  const { AutoModelForCausalLM, AutoTokenizer, Tensor } = library;
  const folder = dirname(dirname(path));
  const dtype = dtypes[basename(path)];
  if (dtype === undefined) throw new RangeError(`transformers.js has no dtype for '${basename(path)}'`);
  const session_options = { intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 4 as const };
  const model = await AutoModelForCausalLM.from_pretrained(folder, { dtype, device: "cpu", session_options });
  const tokenizer = await AutoTokenizer.from_pretrained(folder);
  return {
    tokenize: async (text) => tokenizer.encode(text, { add_special_tokens: false }),
    logits: async (ids, positions) => {
      const dims = [1, ids.length];
      const input_ids = new Tensor("int64", BigInt64Array.from(ids, BigInt), dims);
      const attention_mask = new Tensor("int64", new BigInt64Array(ids.length).fill(1n), dims);
      const { logits } = await model({ input_ids, attention_mask });
      const width = logits.dims[2];
      return positions.map((at) => logits.data.slice(at * width, (at + 1) * width));
    },
    close: async () => {
      await model.dispose();
    },
  };
}
