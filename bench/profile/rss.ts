// Peak memory of a profile, whole and streamed, of models with random weights: npm run bench -- profile/rss 0.3B whole streamed
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expectedTensors, type TensorToWrite, writeSafetensors } from "@espalier/model";
import { memoryNeed, streamedNeed, totalParameters } from "@espalier/pruning";
import { printResult } from "../result-line.js";
import { type ModelName, shapes } from "./shapes.js";

const SAMPLES = 4;
const TOKENS = 32;

/** Random weights in half precision, written one tensor at a time. What they are matters to no memory. */
async function writeModel(folder: string, name: ModelName): Promise<void> {
  const shape = shapes[name];
  const entries = expectedTensors({ family: "llama", shape }).map(({ name, shape: dims }): TensorToWrite => {
    const count = dims.reduce((product, size) => product * size, 1);
    return { name, dtype: "F16", shape: dims, data: () => pseudoRandom(count, dims.length === 1) };
  });
  await mkdir(folder, { recursive: true });
  await writeSafetensors(join(folder, "model.safetensors"), entries);
  const [layer] = shape.layers;
  const config = {
    architectures: ["LlamaForCausalLM"],
    model_type: "llama",
    hidden_size: shape.hiddenSize,
    intermediate_size: layer.intermediateSize,
    num_hidden_layers: shape.layers.length,
    num_attention_heads: layer.heads,
    num_key_value_heads: layer.kvHeads,
    head_dim: shape.headDim,
    vocab_size: shape.vocabSize,
    max_position_embeddings: shape.maxPositions,
    rms_norm_eps: shape.rmsNormEps,
    rope_theta: shape.ropeTheta,
    hidden_act: "silu",
    tie_word_embeddings: shape.tiedEmbeddings,
    torch_dtype: "float16",
  };
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
}

function pseudoRandom(count: number, norm: boolean): Float32Array {
  if (norm) return new Float32Array(count).fill(1);
  let state = count >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 2 ** 31 - 1) / 32;
  });
}

const [name = "stories3M", ...modes] = process.argv.slice(2);
if (!(name in shapes)) throw new RangeError(`'${name}' is none of ${Object.keys(shapes).join(", ")}`);
const model = name as ModelName;
const shape = shapes[model];
const folder = await mkdtemp(join(tmpdir(), "espalier-bench-"));
try {
  await writeModel(join(folder, "model"), model);
  for (const mode of modes.length === 0 ? ["whole", "streamed"] : modes) {
    const child = fileURLToPath(new URL("./rss-child.ts", import.meta.url));
    const asked = [join(folder, "model"), join(folder, mode), mode, String(SAMPLES), String(TOKENS)];
    const { stdout, status } = spawnSync(process.execPath, ["--import", "tsx", child, ...asked], {
      stdio: ["ignore", "pipe", "inherit"],
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`the ${mode} profile of ${name} ended with ${status}`);
    const counted = { shape, sequenceLength: TOKENS, weightGradients: true };
    printResult({
      bench: "profile/rss",
      model,
      parameters: totalParameters(shape),
      mode,
      samples: SAMPLES,
      tokens: TOKENS,
      need_bytes: mode === "whole" ? memoryNeed(counted) : streamedNeed(counted),
      ...JSON.parse(stdout),
    });
    await rm(join(folder, mode), { recursive: true });
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
