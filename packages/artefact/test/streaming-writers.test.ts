import { statSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isLicence, writeSafetensors } from "@espalier/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeGguf } from "../src/gguf/write-gguf.js";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "espalier-writers-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const TENSORS = 4;
const VALUES = 64;

/** Tensors that note how long the file was when each of them was asked for. */
function watched(path: string, seen: number[]) {
  return Array.from({ length: TENSORS }, (_, i) => ({
    name: `tensor.${i}`,
    shape: [VALUES],
    data: () => {
      seen.push(statSync(path).size);
      return new Float32Array(VALUES).fill(i);
    },
  }));
}

// bench/artefact/writers.ts measures the memory; here it is that no tensor is made before the one ahead of it is written.
describe("a writer", () => {
  it.each([
    [
      "safetensors",
      (path: string, seen: number[]) =>
        writeSafetensors(
          path,
          watched(path, seen).map((tensor) => ({ ...tensor, dtype: "F32" as const })),
        ),
    ],
    [
      "gguf",
      (path: string, seen: number[]) =>
        writeGguf(
          path,
          new Map(),
          watched(path, seen).map((tensor) => ({ ...tensor, type: "F32" as const })),
        ),
    ],
  ])("of %s asks for a tensor when those before it are in the file", async (name, write) => {
    const path = join(root, name);
    const seen: number[] = [];
    await write(path, seen);
    const { size } = await stat(path);
    const bytes = 4 * VALUES;
    expect(seen).toEqual(Array.from({ length: TENSORS }, (_, i) => size - (TENSORS - i) * bytes));
  });
});

describe("licence texts", () => {
  it.each(["LICENSE", "LICENCE.md", "license.txt", "COPYING", "NOTICE", "USE_POLICY.md"])(
    "are recognised: %s",
    (name) => expect(isLicence(name)).toBe(true),
  );
  it.each(["README.md", "licensed.json", "config.json"])("are not what only looks alike: %s", (name) =>
    expect(isLicence(name)).toBe(false),
  );
});
