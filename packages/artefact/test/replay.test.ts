import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CurrentRecipe } from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildArtefact } from "../src/index.js";
import { compareInputs } from "../src/replay/compare-inputs.js";
import { comparePlans } from "../src/replay/compare-plans.js";
import { readRecipe } from "../src/replay/read-recipe.js";
import { exportContext, exportRequest, freePlan } from "./support/export-context.js";

let root: string;
let recipe: CurrentRecipe;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "espalier-replay-"));
  const plan = freePlan();
  await buildArtefact(exportRequest(await exportContext(plan), plan, join(root, "made")));
  recipe = JSON.parse(await readFile(join(root, "made/native/recipe.json"), "utf8"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function written(changes: object): Promise<string> {
  const path = join(root, "changed.json");
  await writeFile(path, JSON.stringify({ ...recipe, ...changes }));
  return path;
}

describe("a recipe", () => {
  it("is read as it was written", async () => {
    expect(await readRecipe(join(root, "made/native/recipe.json"))).toEqual(recipe);
  });

  it("hashes the model's files and none of the documents", () => {
    const names = ["LICENSE", "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"];
    expect(Object.keys(recipe.artefact.files)).toEqual(names);
    expect(Object.keys(recipe.sha256.files)).toEqual(names);
  });

  it.each([
    ["of a newer format", () => ({ format_version: 3 }), /has format 3; this version reads up to 2/],
    ["of something else", () => ({ format: "espalier-search" }), /is no recipe/],
    ["with a field of the wrong type", () => ({ winners: [] }), /damaged or was changed/],
    [
      "whose list of files was changed",
      () => ({ artefact: { ...recipe.artefact, files: { ...recipe.artefact.files, LICENSE: "0".repeat(64) } } }),
      /its hash of the artefact is not that of the files/,
    ],
  ])("%s is refused", async (_name, changes, message) => {
    await expect(readRecipe(await written(changes()))).rejects.toMatchObject({ code: "VALIDATION_FAILED", message });
  });
});

describe("inputs beside a recipe's", () => {
  const different = (here: CurrentRecipe["sha256"]) =>
    compareInputs(recipe, here).filter((input) => input.recipe !== input.here);

  it("may have the same weights in other files", () => {
    const { "model.safetensors": weights = "", ...files } = recipe.sha256.files;
    expect(different({ ...recipe.sha256, files: { ...files, "model-00001-of-00001.safetensors": weights } })).toEqual(
      [],
    );
  });

  it("differ where a file is there that the result would carry on", () => {
    const files = { ...recipe.sha256.files, NOTICE: "1".repeat(64) };
    expect(different({ ...recipe.sha256, files })).toEqual([
      { kind: "file", name: "NOTICE", recipe: null, here: "1".repeat(64) },
    ]);
  });
});

describe("plans", () => {
  const layer = { kv_groups: [0, 1], channels: [0, 1, 2] };
  it("that are equal have no differences", () => expect(comparePlans([layer], [layer])).toEqual([]));
  it("of other layers have one", () => expect(comparePlans([layer], [])).toHaveLength(1));
  it("differ by layer and kind", () => {
    const other = { kv_groups: [0, 2], channels: [0, 1, 2], query_heads: [0, 2] };
    expect(comparePlans([layer, layer], [layer, other])).toEqual([
      "Layer 1: of its key-value groups the recipe keeps 1 and this run 2 that the other does not; the recipe keeps all query heads, this run drops some.",
    ]);
  });
});
