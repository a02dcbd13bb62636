import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Plan } from "@espalier/pruning";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildArtefact } from "../src/index.js";
import { findTransformers } from "../src/runtimes/transformers.js";
import {
  biasesOf,
  droppedPlan,
  exportContext,
  exportRequest,
  freePlan,
  noRepair,
  thinPlan,
  uniformPlan,
} from "./support/export-context.js";

/** A Python that has torch and transformers; they are no packages of npm, so a machine must offer it. */
const python = process.env["ESPALIER_PYTHON"] || undefined;

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "espalier-transformers-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const cases: readonly (readonly [string, "uniform" | "padded", Plan, "none" | "bias"])[] = [
  ["equal layers", "uniform", uniformPlan(), "none"],
  ["equal layers with biases", "uniform", uniformPlan(), "bias"],
  ["unequal layers", "padded", freePlan(), "none"],
  ["groups of unequal sizes", "padded", thinPlan(), "none"],
  ["absent sub-blocks and biases", "padded", droppedPlan(), "bias"],
];

describe.skipIf(!python)(
  "exports in transformers (needs ESPALIER_PYTHON, a Python with torch and transformers)",
  () => {
    it.each(cases)(
      "of %s load as plain Llama models (%s) with our tokens and logits",
      { timeout: 300_000 },
      async (name, profile, plan, repair) => {
        const context = await exportContext(plan, () => (repair === "bias" ? biasesOf(plan) : noRepair));
        const request = exportRequest(context, plan, join(root, name));
        const spec = { ...request.spec, export: { profiles: [profile] } };
        // Building loads the folder in transformers and refuses to export what differs.
        await buildArtefact({ ...request, spec, ...(python === undefined ? {} : { python }) });
        const card = await readFile(join(request.target, profile, "README.md"), "utf8");
        expect(card).toMatch(/Loaded in transformers [\d.]+ on the machine that made it: the same tokens/);
        expect(card).toMatch(/\| `model\.safetensors` \| 32 \| [\d.]+(e-0?5)? \|.*\| 100 % \|/);
      },
    );

    it("that transformers does not take are said to be so", { timeout: 300_000 }, async () => {
      const found = await findTransformers({ threads: 1, python });
      if ("missing" in found) throw new Error(found.missing);
      await mkdir(join(root, "odd"));
      await writeFile(
        join(root, "odd/config.json"),
        JSON.stringify({ model_type: "llama", num_attention_heads: 6, hidden_size: 64 }),
      );
      await expect(found.load(join(root, "odd/model.safetensors"))).rejects.toThrow(/not a multiple/);
      await found.close();
    });
  },
);

describe("a machine without transformers", () => {
  it("is told apart: none named, no such program, a program that says nothing or something else", async () => {
    const said = async (python: string | undefined): Promise<unknown> => findTransformers({ threads: 1, python });
    expect(await said(undefined)).toEqual({ missing: expect.stringMatching(/ESPALIER_PYTHON/) });
    expect(await said(join(root, "nowhere"))).toEqual({ missing: expect.stringMatching(/ENOENT/) });
    expect(await said("true")).toEqual({ missing: expect.stringMatching(/ended without an answer/) });
    expect(await said("echo")).toEqual({ missing: expect.stringMatching(/JSON/) });
  });
});
