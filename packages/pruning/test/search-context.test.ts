import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SearchContext } from "../src/search-context/context.js";
import { densePlan, keptWidths } from "../src/units/index.js";
import { type Changes, openShippedJob, usingShippedJob, WINDOWS } from "./shipped-job.js";

let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "espalier-context-"));
});
afterAll(() => rm(dataDir, { recursive: true }));

const open = (changes?: Changes): Promise<SearchContext> => openShippedJob(dataDir, changes);
const using = <T>(changes: Changes | undefined, work: (context: SearchContext) => Promise<T>): Promise<T> =>
  usingShippedJob(dataDir, changes, work);

describe("search context", () => {
  it("starts from the best baseline exactly, and tells the sampler what baselines scored", async () => {
    await using(undefined, async (context) => {
      const { evaluated, starts, given } = await context.baselines();
      expect(new Set(evaluated.map(({ name }) => name)).size).toBe(16);
      expect(evaluated).toHaveLength(32);
      expect(given.length).toBeGreaterThan(10);
      expect(starts[0]).toEqual(given[0].params);
      for (const { params, score } of [given[0], given[given.length - 1]]) {
        expect((await context.score(params)).score).toBeCloseTo(score, 12);
      }
      expect(given.map(({ score }) => score)).toEqual([...given.map(({ score }) => score)].sort((a, b) => a - b));
    });
  });

  it("scores a point alike in every process: no baselines needed, nothing remembered", async () => {
    const changed = { "width.mlp.1": 0.3, obs_share: 0.4, "cluster.0": 0, "metric.taylor_first": 1, norm: "rank" };
    const share = { low: 0, high: 1 };
    const opened: Changes = {
      search: { space: { "cluster.0": share, "metric.taylor_first": share, norm: { choices: ["rank", "mean"] } } },
    };
    const [a, b] = await Promise.all([
      using(opened, async (context) => {
        await context.score(context.starts[0]);
        return await context.score({ ...context.starts[0], ...changed });
      }),
      using(opened, (context) => context.score({ ...context.starts[0], ...changed })),
    ]);
    expect(a).toEqual(b);
    expect(a.results.map(({ sparsity }) => sparsity)).toEqual([0.2, 0.4]);
    for (const { sparsity, achieved_sparsity } of a.results) {
      expect(achieved_sparsity).toBeGreaterThan(sparsity - 1e-9);
      expect(achieved_sparsity).toBeLessThan(sparsity + 0.02);
    }
  });

  it("gives the plan and the weights that were scored, and reports on text nothing else read", async () => {
    await using(undefined, async (context) => {
      const params = context.starts[0];
      const { results } = await context.score(params);
      const plan = await context.plan(params, 0.4);
      expect(keptWidths(plan).map(({ channels }) => channels)).toEqual(results[1].channels);
      const compensated = await context.compensatedWeights(params, plan);
      expect(compensated.method).toBe("least_squares");
      const baselines = [{ ...(await context.dense()), name: "obs", sparsity: 0.4, allocation: "uniform" }];
      const report = await context.report([{ sparsity: 0.4, trialNumber: 7, params }], baselines);
      expect(report.best[0]).toMatchObject({ name: "trial 7", allocation: "searched" });
      expect(report.best[0].scoring_perplexity).toBe(results[1].scoring_perplexity);
      const masked = await context.maskedReportLosses(plan, compensated);
      report.windowLosses[0].forEach((loss, i) => {
        expect(Math.abs(masked[i] / loss - 1)).toBeLessThan(1e-5);
      });
      expect(report.improvement[0].baseline).toBe("obs");
      // Against the dense model and the baseline, the latter as the improvement has it.
      expect(report.differences.map(({ sparsity, model }) => [sparsity, model])).toEqual([
        [0.4, "dense"],
        [0.4, "obs"],
      ]);
      const [worse, better] = report.differences;
      const [found] = report.best;
      for (const [difference, other] of [[worse, report.dense] as const, [better, report.baselines[0]] as const]) {
        const ratio = Number(found.report_perplexity) / Number(other.report_perplexity);
        expect(difference.relative).toBeCloseTo(1 - ratio, 9);
      }
      expect(report.improvement[0]).toMatchObject({ relative: better.relative, interval: better.interval });
      expect(report.improvement[0].interval[0]).toBeLessThanOrEqual(report.improvement[0].relative);
      expect(await context.reportWindows()).toHaveLength(WINDOWS);
      expect(report.dense.report_perplexity).toBeGreaterThan(1);
    });
  });

  it("asks the dense model and the winner the job's zero-shot tasks, and tells how far it is", async () => {
    const path = join(dataDir, "copa.jsonl");
    const record = { query: "Lily was sad, because", choices: ["her toy broke.", "she won a big cake."], gold: 0 };
    await writeFile(path, `${JSON.stringify(record)}\n${JSON.stringify({ ...record, gold: 1 })}\n`);
    const task = { task: "copa", file: "copa.jsonl", limit: null, items: 2, choices: 4, characters: 200 } as const;
    await using({ tasks: [{ path, task }] }, async (context) => {
      const told: string[] = [];
      const winner = { sparsity: 0.4, trialNumber: 0, params: context.starts[0] };
      const report = await context.report([winner], [], { onProgress: ({ done, of }) => told.push(`${done}/${of}`) });
      const half = [{ name: "acc", value: 0.5, stderr: 0.5 }];
      const asked = [expect.objectContaining({ task: "copa", file: "copa.jsonl", items: 2, metrics: half })];
      expect(report.dense.tasks).toEqual(asked);
      expect(report.best[0].tasks).toEqual(asked);
      expect(told.at(-1)).toBe("4/4");
      expect(await readdir(join(dataDir, "evaluation"))).toHaveLength(1);
    });
  });

  describe.each(["none", "bias", "least_squares"] as const)("with rounds of exchange after '%s'", (compensation) => {
    it("gives a refined plan that is a function of its parameters alone, whatever is stored", async () => {
      await using({ compensation }, async (context) => {
        const point = context.starts[0];
        const refined = { ...point, exchange: "10 5@3" };
        const first = await context.score(refined);
        expect(first.results[0].achieved_sparsity).toBeGreaterThanOrEqual(0.2 - 1e-9);
        expect(await context.plan(refined, 0.4)).not.toEqual(await context.plan(point, 0.4));
        expect(await context.score(refined)).toEqual(first);
        await rm(join(dataDir, context.profileKey, "effects"), { recursive: true });
        expect(await using({ compensation }, (other) => other.score(refined))).toEqual(first);
      });
    });
  });

  it("refuses rounds that it cannot read, and stops within a round when aborted", async () => {
    await using(undefined, async (context) => {
      await expect(context.score({ ...context.starts[0], exchange: "8;4" })).rejects.toThrow("percentages such as");
      const stop = AbortSignal.abort(new Error("cancelled"));
      const never = { ...context.starts[0], exchange: "33.25" };
      await expect(context.score(never, { signal: stop })).rejects.toThrow("cancelled");
    });
  });

  it("has the dense model as the plan that keeps everything", async () => {
    await using(undefined, async (context) => {
      const { scoring_perplexity, parameters } = await context.dense();
      expect(parameters).toBe(260_032);
      const { weights } = await context.compensatedWeights(context.starts[0], densePlan(context.shape));
      expect(weights.size).toBe(0);
      expect(scoring_perplexity).toBeGreaterThan(1);
    });
  });

  it("runs the preset adapruner on arbitrary subsets", async () => {
    await using({ search: { preset: "adapruner" } }, async (context) => {
      const { given, starts } = await context.baselines();
      expect(given).toEqual([]);
      expect((await context.score(starts[0])).score).not.toBeNull();
      const other = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`sample.${i}`, 0]));
      expect(await context.plan({ ...starts[0], ...other }, 0.2)).not.toEqual(await context.plan(starts[0], 0.2));
    });
  });

  it("keeps all layers equally wide in a uniform layout", async () => {
    await using({ target: { layout: "uniform", sparsity: [0.3] } }, async (context) => {
      const { starts, evaluated } = await context.baselines();
      expect(evaluated.every(({ allocation }) => allocation === "equal")).toBe(true);
      const { results } = await context.score({ ...starts[0], attention_factor: -0.5 });
      expect(new Set(results[0].channels).size).toBe(1);
      expect(new Set(results[0].kv_groups).size).toBe(1);
    });
  });

  it("feeds biases when the job repairs by bias", async () => {
    await using({ compensation: "bias", target: { sparsity: [0.4] } }, async (context) => {
      const plan = await context.plan(context.starts[0], 0.4);
      const { biases } = await context.compensatedWeights(context.starts[0], plan);
      expect(biases.size).toBeGreaterThan(0);
      expect((await context.score(context.starts[0])).score).not.toBeNull();
    });
  });

  it("finds its statistics again, and stops when aborted", async () => {
    await using(undefined, async (context) => {
      expect(context.profileReused).toBe(true);
      const stop = AbortSignal.abort(new Error("cancelled"));
      await expect(context.baselines({ signal: stop })).rejects.toThrow("cancelled");
    });
  });

  it("refuses unknown parameters and unreachable sparsities with a code", async () => {
    await expect(open({ search: { space: { no_such: 1 } } })).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
    await using({ target: { sparsity: [0.95], round_to: 128 } }, async (context) => {
      await expect(context.score(context.starts[0])).rejects.toMatchObject({ code: "SPARSITY_UNREACHABLE" });
    });
  });
});
