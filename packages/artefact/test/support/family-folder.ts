import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expectedTensors, parseConfig, writeSafetensors } from "@espalier/model";
import { modelPath } from "./export-context.js";

/** Numbers in [−1, 1) from a linear congruential generator (Numerical Recipes): the same ones in every run. */
function seededNumbers(count: number, seed: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** A folder of the shipped model's sizes and tokenizer, of another family, with seeded weights. */
export async function familyFolder(path: string, keys: Readonly<Record<string, unknown>>): Promise<string> {
  await cp(modelPath, path, { recursive: true });
  const base = JSON.parse(await readFile(join(path, "config.json"), "utf8"));
  const config = JSON.stringify({ ...base, ...keys });
  await writeFile(join(path, "config.json"), config);
  const tensors = expectedTensors(parseConfig(config)).map(({ name, shape }, i) => {
    const scale = shape.length === 2 ? 1.7 / Math.sqrt(shape[1]) : 0.3;
    const centre = name.endsWith("norm.weight") ? 1 : 0;
    const length = shape.reduce((product, size) => product * size, 1);
    return { name, shape, dtype: "F32" as const, data: seededNumbers(length, 31 + i).map((x) => centre + scale * x) };
  });
  await writeSafetensors(join(path, "model.safetensors"), tensors);
  return path;
}
