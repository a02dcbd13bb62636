/**
 * Memory that writing a pruned model takes beside the weights of its source: 100 million synthetic parameters (6 layers of
 * 1024, MLPs of 4096), a quarter of the units gone, in every export profile. Prints one JSON line per profile: growth of
 * array buffers and of the process (peak while writing against before), in bytes and in largest tensors of the source.
 * node --expose-gc --import tsx bench/artefact/writers.ts
 */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { profileRegistry, sliceModel } from "@espalier/artefact";
import { exportProfiles } from "@espalier/contracts";
import { expectedTensors, openModel, parseConfig, readWeights, writeSafetensors } from "@espalier/model";
import type { Plan } from "@espalier/pruning";
import { printResult } from "../result-line.js";

const LAYERS = 6;
const [GROUPS, CHANNELS] = [8, 4096];
const sizes = {
  hidden_size: 1024,
  intermediate_size: CHANNELS,
  num_hidden_layers: LAYERS,
  num_attention_heads: 16,
  num_key_value_heads: GROUPS,
  head_dim: 64,
};
/** Samples of the process are taken this often; a writer waits for the disk after each part of a tensor. */
const SAMPLE_MS = 2;

const folder = await mkdtemp(join(tmpdir(), "espalier-writers-"));
const shipped = fileURLToPath(new URL("../../examples/models/stories260K", import.meta.url));

async function makeModel(path: string): Promise<void> {
  await cp(shipped, path, { recursive: true });
  const example = JSON.parse(await readFile(join(shipped, "config.json"), "utf8"));
  const config = JSON.stringify({ ...example, ...sizes });
  await writeFile(join(path, "config.json"), config);
  const entries = expectedTensors(parseConfig(config)).map(({ name, shape }) => ({
    name,
    shape,
    dtype: "F32" as const,
    data: () =>
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (((i * 7919) % 1009) - 504) / 20_000),
  }));
  await writeSafetensors(join(path, "model.safetensors"), entries);
}

/** Three of four units, other ones in every layer, so that nothing can be taken over as it is. */
const kept = (count: number, from: number) =>
  Int32Array.from({ length: count }, (_, i) => i).filter((i) => (i + from) % 4 !== 0);

const settled = (): NodeJS.MemoryUsage => {
  globalThis.gc?.();
  return process.memoryUsage();
};

try {
  const path = join(folder, "synthetic");
  await makeModel(path);
  const source = await openModel(path);
  const weights = await readWeights(source);
  const plan: Plan = {
    layers: Array.from({ length: LAYERS }, (_, l) => ({ kvGroups: kept(GROUPS, l), channels: kept(CHANNELS, l) })),
  };
  const compensated = { weights: new Map(), biases: new Map(), method: "none" } as const;
  const sliced = sliceModel({ config: source.config, weights, plan, compensated });
  const bytes = [...weights.values()].map(({ byteLength }) => byteLength);
  const [all, largest] = [bytes.reduce((a, b) => a + b, 0), Math.max(...bytes)];
  for (const profile of exportProfiles) {
    const target = join(folder, profile);
    await mkdir(target);
    const before = settled();
    let [buffers, rss] = [before.arrayBuffers, before.rss];
    const sampler = setInterval(() => {
      const now = process.memoryUsage();
      buffers = Math.max(buffers, now.arrayBuffers);
      rss = Math.max(rss, now.rss);
    }, SAMPLE_MS);
    const start = performance.now();
    await profileRegistry[profile].write(target, { source, sliced, linkRoots: [] });
    const seconds = (performance.now() - start) / 1000;
    clearInterval(sampler);
    printResult({
      figure: "writer_memory",
      profile,
      weights_bytes: all,
      largest_tensor_bytes: largest,
      buffers_bytes: buffers - before.arrayBuffers,
      buffers_in_tensors: (buffers - before.arrayBuffers) / largest,
      rss_bytes: rss - before.rss,
      seconds,
    });
    await rm(target, { recursive: true });
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
