import { execFile, spawn } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ReplayOutcome } from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repository } from "./repository.js";

const run = promisify(execFile);
const cli = repository("apps/cli/bin/espalier.js");
const model = repository("examples/models/stories260K");
const corpora = repository("examples/corpora");
const scratch = mkdtempSync(join(tmpdir(), "espalier-replay-test-"));
const pruned = join(scratch, "pruned");
/** The same model in a folder of another name. */
const elsewhere = join(scratch, "another-name");
const recipeOf = (profile: string): string => join(pruned, profile, "recipe.json");

interface Ended {
  readonly code: number;
  readonly outcome: ReplayOutcome;
}

async function replay(recipe: string, ...flags: string[]): Promise<Ended> {
  const inputs = flags.includes("--model") ? [] : ["--model", elsewhere, "--corpora", corpora];
  const known = [...inputs, "--data-dir", join(scratch, "data"), "--threads", "1", "--json"];
  const { code, stdout } = await run(process.execPath, [cli, "replay", recipe, ...known, ...flags]).then(
    (done) => ({ code: 0, ...done }),
    (failed: { code: number; stdout: string }) => failed,
  );
  return { code, outcome: JSON.parse(stdout) };
}

/** The native recipe, changed, in a folder of its own. */
function changedRecipe(name: string, change: (recipe: Record<string, never>) => void): string {
  const recipe = JSON.parse(readFileSync(recipeOf("native"), "utf8"));
  change(recipe);
  const path = join(scratch, name);
  writeFileSync(path, JSON.stringify(recipe));
  return path;
}

const contents = (folder: string): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "base64")]));

beforeAll(async () => {
  cpSync(model, elsewhere, { recursive: true });
  const tasks = join(scratch, "piqa.jsonl");
  writeFileSync(tasks, JSON.stringify({ goal: "dry a shirt", sol1: "hang it", sol2: "wet it", label: 0 }));
  await run(process.execPath, [
    ...[cli, "prune", "--model", model, "--out", pruned, "--export", "native,padded,gguf", "--threads", "1"],
    ...["--calibration", join(corpora, "tinystories-train.txt"), "--report", join(corpora, "tinystories-valid.txt")],
    ...["--samples", "16", "--sequence-length", "64", "--max-windows", "12", "--sparsity", "0.3", "--trials", "4"],
    ...[
      "--metrics",
      "taylor_second,wanda_sp",
      "--compensation",
      "least_squares",
      "--seed",
      "5",
      "--json",
      "--tasks",
      tasks,
    ],
  ]);
}, 180_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe("espalier replay", () => {
  it("has zero-shot tasks in the card that it repeats", () => {
    const card = readFileSync(join(pruned, "native", "README.md"), "utf8");
    expect(card).toMatch(/\| task \| items \| dense \| this model \|/);
    expect(card).toMatch(/\| piqa, acc_norm \| 1 \| [01]\.000 \| [01]\.000 \|/);
  });

  it.each(["native", "padded", "gguf"])(
    "makes every byte of a %s export again, without a service",
    async (profile) => {
      const out = join(scratch, `again-${profile}`);
      const { code, outcome } = await replay(recipeOf(profile), "--out", out);
      expect(outcome.files?.filter(({ recipe, here }) => recipe !== here)).toEqual([]);
      expect([code, outcome.verdict, outcome.plan]).toEqual([0, "identical", []]);
      expect(contents(join(out, profile))).toEqual(contents(join(pruned, profile)));
    },
    120_000,
  );

  it("names what differs in the model and the texts, and stops with code 2", async () => {
    const [otherModel, otherCorpora] = [join(scratch, "other-model"), join(scratch, "other-corpora")];
    cpSync(model, otherModel, { recursive: true });
    mkdirSync(otherCorpora);
    for (const name of ["tinystories-train.txt", "tinystories-valid.txt"]) {
      cpSync(join(corpora, name), join(otherCorpora, name));
    }
    appendFileSync(join(otherCorpora, "tinystories-train.txt"), ".");
    const weights = readFileSync(join(otherModel, "model.safetensors"));
    weights[weights.length - 1] = (weights[weights.length - 1] ?? 0) ^ 1;
    writeFileSync(join(otherModel, "model.safetensors"), weights);
    const { code, outcome } = await replay(recipeOf("native"), "--model", otherModel, "--corpora", otherCorpora);
    expect([code, outcome.verdict, outcome.plan]).toEqual([2, "stopped", null]);
    const different = outcome.inputs.filter(({ recipe, here }) => recipe !== here);
    expect(different.map(({ kind, name }) => [kind, name])).toEqual([
      ["model", "config and weights"],
      ["file", "model.safetensors"],
      ["corpus", "tinystories-train.txt"],
    ]);
    expect(different.every(({ here }) => /^[0-9a-f]{64}$/.test(here ?? ""))).toBe(true);
  });

  it("says which layer of a changed plan differs, and writes nothing", async () => {
    const recipe = changedRecipe("changed-plan.json", ({ winners }) => {
      (winners as unknown as { plan: { channels: number[] }[] }[])[0]?.plan[2]?.channels.pop();
    });
    const out = join(scratch, "not-made");
    const { code, outcome } = await replay(recipe, "--out", out);
    expect([code, outcome.verdict, outcome.files]).toEqual([1, "different", null]);
    expect(outcome.plan).toEqual([expect.stringMatching(/^Layer 2: of its MLP channels the recipe keeps none and/)]);
    expect(readdirSync(scratch).filter((name) => name.includes("not-made"))).toEqual([]);
  }, 60_000);

  it("compares recipes of the first format by their plan, and warns of other versions", async () => {
    const recipe = changedRecipe("first-format.json", (document) => {
      const { sha256 } = document as unknown as { sha256: Record<string, unknown> };
      delete sha256["files"];
      for (const key of ["execution", "profile", "artefact"]) delete document[key];
      Object.assign(document, {
        format_version: 1,
        versions: { espalier: "0.0.9", onnxruntime: "1.30.0", node_major: 20 },
      });
    });
    const { code, outcome } = await replay(recipe);
    expect([code, outcome.verdict, outcome.files]).toEqual([0, "same_plan", null]);
    expect(outcome.versions).toContainEqual(expect.objectContaining({ name: "espalier", recipe: "0.0.9" }));
  }, 60_000);

  it("leaves nothing behind when it is interrupted", async () => {
    const folder = join(scratch, "interrupted");
    mkdirSync(folder);
    const flags = ["--model", model, "--corpora", corpora, "--out", join(folder, "out"), "--threads", "1"];
    const child = spawn(process.execPath, [cli, "replay", recipeOf("native"), ...flags], { stdio: "ignore" });
    const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
    await expect.poll(() => readdirSync(folder), { timeout: 30_000 }).toHaveLength(1);
    child.kill("SIGINT");
    expect(await exited).toBe(130);
    expect(readdirSync(folder)).toEqual([]);
  }, 60_000);

  it("refuses what is no recipe, and a folder that has files", async () => {
    const refusal = async (...flags: string[]): Promise<unknown> =>
      run(process.execPath, [cli, "replay", ...flags, "--model", model, "--corpora", corpora]).catch((error) => error);
    const noRecipe = join(pruned, "native/search.json");
    expect(await refusal(noRecipe)).toMatchObject({ code: 2, stderr: expect.stringContaining("is no recipe") });
    const full = await refusal(recipeOf("native"), "--out", pruned);
    expect(full).toMatchObject({ code: 2, stderr: expect.stringContaining("is not empty") });
  });
});
