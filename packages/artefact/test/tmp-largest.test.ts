import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { loadTokenizer } from "@espalier/model";
import type { Plan } from "@espalier/pruning";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildArtefact, sliceModel } from "../src/index.js";
import { compareLogits } from "../src/verify/compare-logits.js";
import { slicedLogits } from "../src/verify/sliced-logits.js";
import {
  biasesOf,
  droppedPlan,
  exportContext,
  exportRequest,
  freePlan,
  modelPath,
  noRepair,
  thinPlan,
  uniformPlan,
} from "./support/export-context.js";

/** A Python that has torch and transformers; they are no packages of npm, so a machine must offer it. */
const python = process.env["ESPALIER_TEST_PYTHON"];
const script = fileURLToPath(new URL("support/transformers_logits.py", import.meta.url));

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "espalier-transformers-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

interface Loaded {
  readonly class: string;
  readonly loading: unknown;
  readonly tokens: readonly number[];
  readonly logits: readonly (readonly number[])[];
}

async function loadedInTransformers(folder: string, ids: readonly number[]): Promise<Loaded> {
  const options = { maxBuffer: 64 * 1024 * 1024, env: { ...process.env, HF_HUB_OFFLINE: "1" } };
  const { stdout } = await promisify(execFile)(python ?? "", [script, folder, JSON.stringify(ids)], options);
  return JSON.parse(stdout);
}

const cases: readonly (readonly [string, "uniform" | "padded", Plan, "none" | "bias"])[] = [
  ["equal layers", "uniform", uniformPlan(), "none"],
  ["equal layers with biases", "uniform", uniformPlan(), "bias"],
  ["unequal layers", "padded", freePlan(), "none"],
  ["groups of unequal sizes", "padded", thinPlan(), "none"],
  ["absent sub-blocks and biases", "padded", droppedPlan(), "bias"],
];

describe.skipIf(!python)(
  "exports in transformers (needs ESPALIER_TEST_PYTHON, a Python with torch and transformers)",
  () => {
    it.each(cases)(
      "of %s load as plain Llama models (%s) with our logits",
      { timeout: 120_000 },
      async (name, profile, plan, repair) => {
        const context = await exportContext(plan, () => (repair === "bias" ? biasesOf(plan) : noRepair));
        const request = exportRequest(context, plan, join(root, name));
        await buildArtefact({ ...request, spec: { ...request.spec, export: { profiles: [profile] } } });

        const [window] = await context.reportWindows();
        const theirs = await loadedInTransformers(join(request.target, profile), [...window]);
        const nothing = { missing_keys: [], unexpected_keys: [], mismatched_keys: [] };
        expect(theirs).toMatchObject({ class: "LlamaForCausalLM", loading: nothing });
        const tokenizer = await loadTokenizer(modelPath);
        expect(theirs.tokens).toEqual([...tokenizer.encode("Once upon a time", { bos: false })]);
        const compensated = await context.compensatedWeights({}, plan);
        const sliced = sliceModel({ config: context.model.config, weights: context.weights, plan, compensated });
        const ours = await slicedLogits(sliced, [...window]);
        const { largest } = compareLogits(
          ours,
          theirs.logits.map((row) => Float32Array.from(row)),
        );
        process.stderr.write(`LARGEST ${name} ${largest}\n`);
      },
    );
  },
);
