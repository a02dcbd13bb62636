import { ANALYSED_TRIALS } from "@espalier/contracts";
import { paretoFront } from "@espalier/search";
import { describe, expect, it } from "vitest";
import { newJob, profileOutcome } from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();

const space = [
  { name: "x", type: "float", low: 0, high: 1 },
  { name: "y", type: "float", low: 0, high: 1 },
] as const;

/** A searching job, its trials written at once: `count` completed ones whose score is x, numbered from 0. */
async function jobWith(count: number): Promise<string> {
  const { jobs, sql } = store();
  const { id } = await jobs.create(newJob({ trials: count }));
  const claim = await jobs.claimStage(id, "profile", "w", 30);
  await jobs.settleProfile(id, claim?.epoch ?? -1, { ...profileOutcome, plan: { space, starts: [], given: [] } });
  await sql("DELETE FROM trials WHERE job_id = $1", [id]);
  await sql(
    `INSERT INTO trials (job_id, number, state, origin, params, score, results)
     SELECT $1, n, 'completed', 'sampler', jsonb_build_object('x', x, 'y', y), x, jsonb_build_array(
       jsonb_build_object('sparsity', 0.2, 'achieved_sparsity', 0.2, 'parameters', 500 + (n * 7919) % 300,
         'scoring_perplexity', round((5 + 20 * y)::numeric, 1), 'kv_groups', '[1]'::jsonb, 'channels', '[1]'::jsonb),
       jsonb_build_object('sparsity', 0.5, 'achieved_sparsity', 0.5, 'parameters', 200 + (n * 104729) % 300,
         'scoring_perplexity', CASE WHEN n % 5 = 0 THEN NULL ELSE round((9 + 50 * x)::numeric, 1) END,
         'kv_groups', '[1]'::jsonb, 'channels', '[1]'::jsonb))
     FROM (SELECT n, (n * 7907 % 10007) / 10007.0 AS x, (n * 6007 % 10009) / 10009.0 AS y
       FROM generate_series(0, $2::bigint - 1) AS n) AS drawn`,
    [id, count],
  );
  return id;
}

type Id = Parameters<ReturnType<typeof store>["views"]["pareto"]>[0];

describe("the analysis of many trials", () => {
  it("looks at the newest ones only, and says so", async () => {
    const id = (await jobWith(ANALYSED_TRIALS + 500)) as Id;
    const importance = await store().views.importance(id, { quantile: 0.1 });
    expect(importance).toMatchObject({ trials: ANALYSED_TRIALS, truncated: true, reason: null });
    expect(importance.parameters[0]).toMatchObject({ name: "x" });
    expect(importance.parameters[0]?.importance).toBeGreaterThan(0.99);

    const slices = await store().views.slices(id, 50);
    expect(slices).toMatchObject({ trials: ANALYSED_TRIALS, truncated: true });
    for (const { points } of slices.parameters) {
      expect(points).toHaveLength(50);
      expect(Math.min(...points.map(({ number }) => number))).toBeGreaterThanOrEqual(500);
    }
  });

  it("finds the front that the definition gives, of equal points the earlier trial", async () => {
    const id = (await jobWith(700)) as Id;
    const rows = await store().sql<{ results: { parameters: number; scoring_perplexity: number | null }[] }>(
      "SELECT results FROM trials WHERE job_id = $1 ORDER BY number",
      [id],
    );
    const results = rows.flatMap(({ results: list }, number) => list.map((result) => ({ ...result, number })));
    const points = results.map(({ parameters, scoring_perplexity }) => [parameters, scoring_perplexity ?? Number.NaN]);
    const expected = paretoFront(points).map((i) => results[i]);
    const { points: found } = await store().views.pareto(id);
    expect(found.length).toBeGreaterThan(5);
    expect(found.map((p) => [p.parameters, p.scoring_perplexity, p.trial_number])).toEqual(
      expected.map((r) => [r.parameters, r.scoring_perplexity, r.number]),
    );
  });
});
