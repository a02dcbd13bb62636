import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openModel, readWeights } from "@espalier/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ArtefactRequest, buildArtefact, recoverWinners, slicedLosses, withRecoveries } from "../src/index.js";
import { exportContext, exportRequest, freePlan, scaled, shortLora } from "./support/export-context.js";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "espalier-recovered-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A job with recovery whose plan is far from good: the projections are halved. */
async function request(target: string): Promise<ArtefactRequest> {
  const plan = freePlan();
  const made = exportRequest(await exportContext(plan, (weights) => scaled(weights, 0.5)), plan, target);
  return { ...made, spec: { ...made.spec, recovery: shortLora, export: { profiles: ["native", "padded"] } } };
}

async function build(target: string) {
  const asked = await request(target);
  const recovered = await recoverWinners({ ...asked, target });
  const built = await buildArtefact({ ...asked, recovered, report: withRecoveries(asked.report, recovered) });
  return { asked, recovered, built };
}

describe("an artefact of a job with recovery", () => {
  it("holds the trained model, better on the report text than the plan, and says both", async () => {
    const target = join(root, "job-1");
    const { asked, recovered } = await build(target);
    const [{ outcome, losses }] = recovered;
    expect(outcome.relative).toBeGreaterThan(0.02);
    expect(outcome.interval.low).toBeLessThanOrEqual(outcome.relative);
    expect(outcome.training).toMatchObject({ steps: 12, end: "steps" });
    const folder = await openModel(join(target, "native"));
    const weights = await readWeights(folder);
    const windows = await asked.context.reportWindows();
    const read = await slicedLosses({ shape: folder.config.shape, weights, windows });
    for (const [i, loss] of losses.entries()) expect(read[i]).toBeCloseTo(loss, 3);
    const card = await readFile(join(target, "native", "README.md"), "utf8");
    expect(card).toContain("its plan before recovery (trial 1)");
    expect(card).toContain("recovered by lora");
    expect(card).toContain("The baselines were not recovered");
    const log = JSON.parse(await readFile(join(target, "native", "search.json"), "utf8"));
    expect(log.best[0].recovery).toEqual(outcome);
    const recipe = JSON.parse(await readFile(join(target, "native", "recipe.json"), "utf8"));
    expect(recipe.spec.recovery).toEqual(shortLora);
  });

  it("has the recovered model's zero-shot tasks in a column of their own", async () => {
    const target = join(root, "asked");
    const made = await request(target);
    const metrics = [{ name: "acc" as const, value: 0.25, stderr: 0.125 }];
    const asked = { task: "piqa", file: "piqa.jsonl", items: 16, protocol: "p", metrics };
    const context = { ...made.context, evaluate: async () => [asked] };
    const recovered = await recoverWinners({ ...made, context });
    expect(recovered[0].outcome.tasks).toEqual([asked]);
    await buildArtefact({ ...made, recovered, report: withRecoveries(made.report, recovered) });
    const card = await readFile(join(target, "native", "README.md"), "utf8");
    expect(card).toContain("| task | items | dense | its plan before recovery | this model |");
    expect(card).toContain("| piqa, acc | 16 | – | – | 0.2500 ± 0.13 |");
  });

  it("repeats byte for byte", async () => {
    const [a, b] = [await build(join(root, "job-2")), await build(join(root, "job-3"))];
    expect(a.built.files).toEqual(b.built.files);
  });

  it("keeps a training beside the target, so that a killed one goes on", async () => {
    const target = join(root, "later", "job-4");
    const abort = new AbortController();
    const asked = await request(target);
    const killed = recoverWinners({
      ...asked,
      target,
      signal: abort.signal,
      onProgress: ({ done }) => done >= 4 && abort.abort(),
    });
    await expect(killed).rejects.toThrow();
    expect(await readdir(dirname(target))).toEqual([".job-4.recovery-0.2.bin"]);
    const seen: number[] = [];
    await recoverWinners({ ...asked, target, onProgress: ({ done }) => seen.push(done) });
    expect(seen).toEqual([4, 8, 12]);
  });

  it("is refused without the recovery that the job asks for", async () => {
    await expect(buildArtefact(await request(join(root, "job-5")))).rejects.toThrow("0 of 1 winners are recovered");
  });
});
