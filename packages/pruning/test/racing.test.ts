import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createJobBody, type JobSpec } from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openForwardPool } from "../src/scoring/forward-pool.js";
import { openScorer } from "../src/scoring/scorer.js";
import type { SearchContext } from "../src/search-context/context.js";
import { openSearchContext } from "../src/search-context/open-search-context.js";
import { densePlan } from "../src/units/index.js";
import { corpusPath, modelPath, openShippedModel } from "./shipped-model.js";

const SCORING = 40;
const TOKENS = 24;

function racingSpec(): JobSpec {
  const { webhooks, name, ...body } = createJobBody.parse({
    model: { path: "stories260K" },
    calibration: { corpus: "c" },
    target: { sparsity: 0.2 },
    search: { racing: true, seed: 3 },
  });
  const split = (windows: number, skip_windows: number) => ({
    corpus: "c",
    windows,
    sequence_length: TOKENS,
    skip_windows,
  });
  return {
    ...body,
    search: { ...body.search, refinement: 0, racing: true },
    calibration: split(12, 0),
    scoring: [{ ...split(SCORING, 12), weight: 1 }],
    report: split(6, 12 + SCORING),
    target: { layout: "free", round_to: 1, sparsity: [0.2, 0.4] },
  };
}

let dataDir: string;
let context: SearchContext;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "espalier-racing-"));
  const corpusPaths = { calibration: corpusPath, scoring: [corpusPath], report: corpusPath };
  context = await openSearchContext({ modelPath, spec: racingSpec(), corpusPaths, dataDir });
});
afterAll(async () => {
  await context.close();
  await rm(dataDir, { recursive: true });
});

describe("a scorer in the order of a race", () => {
  it("gives every window the loss that it has in order, sources and lengths mixed", async () => {
    const model = await openShippedModel();
    const pool = openForwardPool(model);
    const sources = [
      { windows: await model.windows(21, 16), weight: 3 },
      { windows: await model.windows(5, 32, 30), weight: 1 },
    ];
    const candidate = { plan: densePlan(model.shape) };
    const plain = await (await openScorer(pool, sources)).score(candidate);
    const scorer = await openScorer(pool, sources, { raceSeed: 1 });
    const raced = await scorer.score(candidate);
    raced.windowLosses.forEach((loss, window) => {
      expect(Math.abs(loss / plain.windowLosses[window] - 1)).toBeLessThan(1e-6);
    });
    const { windowShares: shares, windowTokens: tokens } = scorer;
    const objective = raced.windowLosses.reduce((sum, loss, w) => sum + (shares[w] * loss) / tokens[w], 0);
    expect(objective).toBeCloseTo(raced.objective ?? Number.NaN, 12);
    await pool.close();
  });
});

describe("a trial that races", () => {
  it("is stopped early when it is far worse, with an estimate of its score from what it saw at all sparsities", async () => {
    const [start] = context.starts;
    const rival = await context.score(start);
    const hopeless = { ...start, compensation: "none", metric: "magnitude_l2" };
    const whole = await context.score(hopeless);
    const raced = await context.score(hopeless, { rival: rival.windowLosses });
    expect(raced).toMatchObject({ score: null, reason: null });
    expect(raced.stopped?.windows).toBeLessThan(SCORING);
    expect(raced.stopped?.share).toBeCloseTo((raced.stopped?.windows ?? 0) / SCORING, 12);
    raced.windowLosses.forEach((losses, s) => {
      const seen = losses.filter((loss) => !Number.isNaN(loss));
      expect(seen).toHaveLength(raced.stopped?.windows ?? -1);
      expect(seen).toEqual(whole.windowLosses[s].filter((_, w) => !Number.isNaN(losses[w])));
    });
    const beyond = raced.windowLosses.map((losses, s) => {
      const differences = losses.map((loss, w) => loss - rival.windowLosses[s][w]).filter((d) => !Number.isNaN(d));
      return differences.reduce((sum, d) => sum + d, 0) / differences.length / (TOKENS - 1);
    });
    expect(raced.stopped?.partial).toBeCloseTo((rival.score ?? 0) + (beyond[0] + beyond[1]) / 2, 12);
    expect(await context.score(hopeless, { rival: rival.windowLosses })).toEqual(raced);
  });

  it("is scored to the end, as without a race, when it is better or equal", async () => {
    const [start] = context.starts;
    const alone = await context.score(start);
    const worse = alone.windowLosses.map((losses) => losses.map((loss) => loss * 1.1));
    expect(await context.score(start, { rival: worse })).toEqual(alone);
    expect(await context.score(start, { rival: alone.windowLosses })).toEqual(alone);
  });
});
