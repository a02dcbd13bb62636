import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forwardProgram, openSession, outputNames, weightFeeds } from "@espalier/graph";
import { streamRng } from "@espalier/search";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packWindows, rowSums } from "../src/execution/token-batch.js";
import { initialAdapters, layOut, projectionSizes } from "../src/recovery/lora/adapters.js";
import { openAdapterGradients } from "../src/recovery/lora/gradients.js";
import { mergeAdapters } from "../src/recovery/lora/merge.js";
import { recover } from "../src/recovery/recover.js";
import type { RecoveryInput, RecoveryProgress } from "../src/recovery/recovery.js";
import { openValidation } from "../src/recovery/validation.js";
import { recoverableInput, shortLora } from "./recoverable-model.js";

let input: RecoveryInput;
let scratch: string;

beforeAll(async () => {
  input = await recoverableInput();
  scratch = await mkdtemp(join(tmpdir(), "espalier-lora-"));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

async function lossOf(weights: ReadonlyMap<string, Float32Array>): Promise<number> {
  const validation = await openValidation(input);
  const loss = await validation.loss(weights);
  await validation.close();
  return loss;
}

describe("merged adapters", () => {
  it("give the losses of the graph that has them beside the weights", async () => {
    const { shape, weights } = input.pruned;
    const sizes = projectionSizes(shape);
    const layout = layOut(
      sizes,
      sizes.map((_, i) => i % 4),
      3,
    );
    const values = initialAdapters(layout, streamRng(1, 0)).map((value, i) => value || 0.1 * Math.sin(i));
    const gradients = await openAdapterGradients({ model: input.pruned, layout, sequenceLength: 32 });
    const { loss } = await gradients.measure(values, input.training);
    await gradients.close();
    const graph = forwardProgram({ shape, sequenceLength: 32, gates: false });
    const session = await openSession(graph);
    const [batch] = packWindows(input.training, input.training.length);
    const merged = weightFeeds(graph, new Map([...weights, ...mergeAdapters(weights, layout, values)]));
    const results = await session.run({ ...merged, ...batch.feeds });
    await session.release();
    const rows = rowSums(results[outputNames.tokenNll], batch.rows);
    expect(loss).toBeCloseTo(rows.reduce((sum, row) => sum + row, 0) / rows.length / 31, 5);
    expect(Math.abs(loss - (await lossOf(new Map())))).toBeGreaterThan(1e-3);
  });
});

describe("LoRA", () => {
  it("lowers the loss on text that it was not trained on, and never gives a worse model than it was given", async () => {
    const seen: RecoveryProgress[] = [];
    const settings = shortLora();
    const { weights, training } = await recover({ ...input, onProgress: (progress) => seen.push(progress) }, settings);
    const [before, after] = [await lossOf(new Map()), await lossOf(weights)];
    expect(after).toBeLessThan(before - 0.05);
    expect(training).toMatchObject({ steps: 24, halvings: 0, end: "steps" });
    expect(seen.map(({ done }) => done)).toEqual([0, 6, 12, 18, 24]);
    expect(seen.at(-1)?.loss).toBeCloseTo(after, 6);
  });

  it("stops when measurements get no better, and keeps the best state", async () => {
    // At rate 1e-12 nothing changes enough to be better for long.
    const settings = shortLora({ learning_rate: 1e-12, patience: 2, max_steps: 600, evaluate_every: 1 });
    const { training } = await recover(input, settings);
    expect(training?.end).toBe("patience");
    expect(training?.steps).toBeLessThan(600);
  });

  it("stops after its time and says so", async () => {
    let clock = 0;
    const now = () => {
      clock += 2_000;
      return clock;
    };
    const { training } = await recover({ ...input, now }, shortLora({ max_seconds: 3 }));
    expect(training).toMatchObject({ end: "time", steps: 12 });
  });

  it("gives the same after a kill as undisturbed, going on from its checkpoint", async () => {
    const settings = shortLora();
    const undisturbed = await recover(input, settings);
    const checkpoint = join(scratch, "killed.bin");
    const abort = new AbortController();
    const steps: number[] = [];
    const killed = recover(
      { ...input, checkpoint, signal: abort.signal, onProgress: ({ done }) => done >= 12 && abort.abort() },
      settings,
    );
    await expect(killed).rejects.toThrow();
    expect(await readdir(scratch)).toEqual(["killed.bin"]);
    const resumed = await recover({ ...input, checkpoint, onProgress: ({ done }) => steps.push(done) }, settings);
    expect(steps[0]).toBe(12);
    expect(resumed).toEqual(undisturbed);
    const again = await recover({ ...input, checkpoint }, shortLora({ rank: 2 }));
    expect(again.training?.parameters).not.toBe(undisturbed.training?.parameters);
  });

  it("begins again where its checkpoint cannot be read", async () => {
    const checkpoint = join(scratch, "torn.bin");
    await writeFile(checkpoint, "half a fi");
    const steps: number[] = [];
    const settings = shortLora({ max_steps: 6 });
    await recover({ ...input, checkpoint, onProgress: ({ done }) => steps.push(done) }, settings);
    expect(steps).toEqual([0, 6]);
  });

  it("halves a rate that drives the numbers out of range until training holds", async () => {
    const settings = shortLora({ learning_rate: 8, max_steps: 12 });
    const { weights, training } = await recover(input, settings);
    expect(training?.halvings).toBeGreaterThan(0);
    for (const values of weights.values()) expect(values.every(Number.isFinite)).toBe(true);
    expect(await lossOf(weights)).toBeLessThanOrEqual(await lossOf(new Map()));
  });

  it("fails with a clear error where ten halvings do not help", async () => {
    const settings = shortLora({ learning_rate: 1e6, max_steps: 3 });
    await expect(recover(input, settings)).rejects.toMatchObject({
      code: "RECOVERY_DIVERGED",
      message: expect.stringContaining("Set recovery.learning_rate lower"),
    });
  });
});
