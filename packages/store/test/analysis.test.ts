import { readFile } from "node:fs/promises";
import { ANALYSED_TRIALS, type JobId, type TrialResult } from "@espalier/contracts";
import { paretoFront } from "@espalier/search";
import { describe, expect, it } from "vitest";
import { newJob, profileOutcome, runTrial, searchingJob } from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();

const space = [
  { name: "x", type: "float", low: 0, high: 1 },
  { name: "y", type: "float", low: 0, high: 1 },
] as const;

/** A searching job, its trials written at once: `count` completed ones whose score is x, numbered from 0. */
async function jobWith(count: number): Promise<JobId> {
  const { jobs, sql } = store();
  const { id } = await jobs.create(newJob({ trials: count }));
  const claim = await jobs.claimStage(id, "profile", "w", 30);
  await jobs.settleProfile(id, claim?.epoch ?? -1, { ...profileOutcome, plan: { space, starts: [], given: [] } });
  await sql("DELETE FROM trials WHERE job_id = $1", [id]);
  await sql(
    `INSERT INTO trials (job_id, number, state, origin, params, score)
     SELECT $1, n, 'completed', 'sampler', jsonb_build_object('x', x, 'y', y), x
     FROM (SELECT n, (n * 7907 % 10007) / 10007.0 AS x, (n * 6007 % 10009) / 10009.0 AS y
       FROM generate_series(0, $2::bigint - 1) AS n) AS drawn`,
    [id, count],
  );
  return id;
}

describe("the analysis of many trials", () => {
  it("looks at some at even distances, the best among them, and says so", async () => {
    const id = await jobWith(ANALYSED_TRIALS * 2);
    const importance = await store().views.importance(id, { quantile: 0.1 });
    expect(importance).toMatchObject({ truncated: true, reason: null });
    expect(importance.trials).toBeLessThanOrEqual(ANALYSED_TRIALS);
    expect(importance.trials).toBeGreaterThan(0.95 * ANALYSED_TRIALS);
    expect(importance.parameters[0]).toMatchObject({ name: "x" });
    expect(importance.parameters[0]?.importance).toBeGreaterThan(0.99);

    const slices = await store().views.slices(id, 50);
    expect(slices).toMatchObject({ trials: importance.trials, truncated: true });
    for (const { best, points } of slices.parameters) {
      expect(best).toMatchObject({ number: 0, score: 0 });
      expect(points).toHaveLength(50);
      const gaps = points.slice(1).map(({ number }, i) => number - (points[i]?.number ?? 0));
      expect(Math.max(...gaps)).toBeLessThan(3 * (ANALYSED_TRIALS / 25));
    }
  });

  it("shows the best of the best tenth with all their parameters, and others evenly", async () => {
    const id = await jobWith(ANALYSED_TRIALS * 2);
    const { trials, truncated, rows, axes, top_score } = await store().views.parallel(id, 500);
    expect(truncated).toBe(true);
    expect(axes.map(({ name }) => name)).toEqual(["x", "y"]);
    expect(rows).toHaveLength(500);
    expect(top_score).toBeCloseTo(0.1, 2);
    const top = rows.filter(({ score }) => score <= (top_score ?? 0));
    expect(top).toHaveLength(250);
    // All trials at hand that are at least as good as the worst one shown of the best tenth.
    expect(Math.max(...top.map(({ score }) => score))).toBeLessThan(1.2 * (250 / trials));
    for (const { score, values } of rows) expect(values[0]).toBe(score);
    const others = rows.filter(({ score }) => score > (top_score ?? 0)).map(({ number }) => number);
    const gaps = others.slice(1).map((number, i) => number - (others[i] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(3 * ((2 * ANALYSED_TRIALS) / 250));
  });

  it("has no place on an axis for a trial without the parameter, or with a value that is no number", async () => {
    const id = await jobWith(30);
    await store().sql("UPDATE trials SET params = params - 'y' WHERE job_id = $1 AND number = 1", [id]);
    await store().sql(`UPDATE trials SET params = params || '{"y": "odd"}' WHERE job_id = $1 AND number = 2`, [id]);
    const { rows } = await store().views.parallel(id, 100);
    expect(rows).toHaveLength(30);
    expect(rows.slice(0, 4).map(({ values }) => values[1] === null)).toEqual([false, true, true, false]);
  });

  it("looks at all of them where there are not too many, and at none that was refined", async () => {
    const id = await jobWith(300);
    await store().sql("UPDATE trials SET origin = 'refinement' WHERE job_id = $1 AND number % 3 = 0", [id]);
    expect(await store().views.importance(id, { quantile: 0.1 })).toMatchObject({ trials: 200, truncated: false });
  });
});

describe("the front", () => {
  /** Results on a coarse grid, so that many tie; every seventh has no perplexity. */
  const resultOf = (n: number, sparsity: number): TrialResult => ({
    sparsity,
    achieved_sparsity: sparsity,
    parameters: Math.round(1000 * (1 - sparsity)) + ((n * 37) % 8),
    scoring_perplexity: n % 7 === 0 ? null : 13 + 40 * sparsity - ((n * 37) % 8) + (n % 3),
    kv_groups: [1],
    channels: [1],
  });
  const resultsOf = (n: number): TrialResult[] => [0.2, 0.21, 0.5].map((sparsity) => resultOf(n, sparsity));
  const COUNT = 60;

  it("is what the definition gives, in whatever order trials settle, of equal points the earlier trial", async () => {
    const id = await searchingJob(store(), { trials: COUNT, parallelism: COUNT });
    const numbers = Array.from({ length: COUNT }, (_, n) => (n * 23) % COUNT);
    for (const n of numbers) {
      await runTrial(store(), id, n, { state: "completed", score: 1, results: resultsOf(n), durationSeconds: 1 });
    }
    const results = numbers.toSorted((a, b) => a - b).flatMap((n) => resultsOf(n).map((result) => ({ ...result, n })));
    const points = results.map(({ parameters, scoring_perplexity }) => [parameters, scoring_perplexity ?? Number.NaN]);
    const expected = paretoFront(points).map((i) => results[i]);
    const found = (await store().views.pareto(id)).points;
    expect(found.length).toBeGreaterThan(5);
    expect(found.map((p) => [p.parameters, p.scoring_perplexity, p.trial_number, p.sparsity])).toEqual(
      expected.map((r) => [r.parameters, r.scoring_perplexity, r.n, r.sparsity]),
    );

    // The migration finds the same for jobs that were searched before it.
    const migration = await readFile(
      new URL("../../../prisma/migrations/20261122190000_front/migration.sql", import.meta.url),
    );
    await store().sql("DELETE FROM front_results");
    await store().sql(migration.toString().slice(migration.toString().indexOf("INSERT INTO")));
    expect((await store().views.pareto(id)).points).toEqual(found);
  });
});
