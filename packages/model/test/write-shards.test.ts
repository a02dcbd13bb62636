import { mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWeightFiles, readWeights, type TensorToWrite, writeShards } from "../src/index.js";

let root: string;
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "espalier-shards-")));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Of 40, 40, 400, 40 and 40 bytes. */
const tensors = [10, 10, 100, 10, 10].map((length, i): TensorToWrite & { readonly data: Float32Array } => ({
  name: `t${i}`,
  dtype: "F32",
  shape: [length],
  data: Float32Array.from({ length }, (_, at) => i * 1000 + at),
}));

async function written(shardBytes: number): Promise<readonly string[]> {
  const dir = await mkdtemp(join(root, "weights-"));
  await writeShards(dir, tensors, { format: "pt" }, shardBytes);
  const files = await openWeightFiles(dir, [dir]);
  const weights = await readWeights(files ?? { tensors: new Map() });
  expect(weights).toEqual(new Map(tensors.map(({ name, data }) => [name, data])));
  const names = (await readdir(dir)).sort();
  if (names.length > 1) {
    const index = JSON.parse(await readFile(join(dir, "model.safetensors.index.json"), "utf8"));
    expect(index.metadata).toEqual({ total_size: 560 });
    expect(Object.keys(index.weight_map)).toEqual(tensors.map(({ name }) => name));
  }
  return names;
}

describe("weights of a folder", () => {
  it("are one file where it is small enough", async () => {
    expect(await written(560)).toEqual(["model.safetensors"]);
  });

  it("are cut between tensors into shards of at most the limit, a larger tensor in its own, and read back whole", async () => {
    const shards = [1, 2, 3].map((number) => `model-0000${number}-of-00003.safetensors`);
    expect(await written(90)).toEqual([...shards, "model.safetensors.index.json"]);
  });
});
