/**
 * How much memory and reading the loading of a sharded model takes: npm run bench -- model/load [layers]. Synthetic BF16
 * weights of a Llama shape (16 layers: 0.3 billion parameters) are written as shards, then read in fresh processes, once
 * with the hash taken while loading and once with the files read again for it.
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expectedTensors, parameterCount, readConfig, type TensorToWrite, writeShards } from "@espalier/model";
import { printResult } from "../result-line.js";
import type { LoadReport } from "./load-process.js";

const layers = Number(process.argv[2] ?? 16);
const SHARD_BYTES = 150_000_000;
const config = {
  architectures: ["LlamaForCausalLM"],
  model_type: "llama",
  hidden_size: 1024,
  intermediate_size: 4096,
  num_hidden_layers: layers,
  num_attention_heads: 16,
  num_key_value_heads: 4,
  vocab_size: 32_000,
  max_position_embeddings: 2048,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  tie_word_embeddings: false,
  bos_token_id: 1,
  eos_token_id: 2,
  hidden_act: "silu",
};

/** Values that a model may have, cheap to make: the same few for every tensor. */
function filled(length: number): Float32Array {
  const values = new Float32Array(length);
  for (let i = 0; i < length; i++) values[i] = ((i * 2_654_435_761) % 1021) / 1021 - 0.5;
  return values;
}

const dir = await mkdtemp(join(tmpdir(), "espalier-load-"));
try {
  await writeFile(join(dir, "config.json"), JSON.stringify(config));
  const read = await readConfig(join(dir, "config.json"));
  const tensors = expectedTensors(read).map(({ name, shape }): TensorToWrite => {
    return { name, shape, dtype: "BF16", data: () => filled(shape.reduce((n, size) => n * size, 1)) };
  });
  const largest = Math.max(...tensors.map(({ shape }) => shape.reduce((n, size) => n * size, 4)));
  await writeShards(dir, tensors, {}, SHARD_BYTES);
  const parameters = parameterCount(read);
  for (const mode of ["idle", "once", "twice"] as const) {
    const entry = fileURLToPath(new URL("./load-process.ts", import.meta.url));
    const { stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", entry, dir, mode], { encoding: "utf8" });
    if (stdout === "") throw new Error(stderr);
    const report = JSON.parse(stdout) as LoadReport;
    const modelBytes = mode === "idle" ? 0 : 4 * parameters;
    printResult({
      bench: "model/load",
      mode,
      parameters,
      file_bytes: 2 * parameters,
      model_bytes: modelBytes,
      largest_tensor_bytes: largest,
      ...report,
      load: loadavg()[0],
    });
  }
} finally {
  await rm(dir, { recursive: true, force: true });
}
