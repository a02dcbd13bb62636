import { readFile } from "node:fs/promises";
import type { HistoryQuery, JobId } from "@espalier/contracts";
import type { TrialOutcome } from "@espalier/pipeline";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addTrials } from "./support/add-trials.js";
import { infeasible, resultOf, runTrial, searchingJob } from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();

type Score = number | null;

/** The definition: for each number the lowest score of all numbers up to it. */
function bestUpTo(scores: readonly Score[]): Score[] {
  let best: Score = null;
  return scores.map((score) => {
    if (score !== null && (best === null || score < best)) best = score;
    return best;
  });
}

const improvementsOf = (scores: readonly Score[]): number[] => {
  const best = bestUpTo(scores);
  return best.flatMap((value, number) => (value !== (best[number - 1] ?? null) ? [number] : []));
};

/** Fills the kept rows as the migration does for jobs that were searched before it. */
async function migrateOldJobs(): Promise<void> {
  const path = "../../../prisma/migrations/20261122210000_reading/migration.sql";
  const migration = (await readFile(new URL(path, import.meta.url))).toString();
  await store().sql("DELETE FROM improving_trials");
  await store().sql(migration.slice(migration.indexOf("INSERT INTO")));
}

const keptRows = async (id: JobId): Promise<number[]> =>
  (
    await store().sql<{ trial_number: number }>(
      "SELECT trial_number FROM improving_trials WHERE job_id = $1 ORDER BY trial_number",
      [id],
    )
  ).map(({ trial_number }) => trial_number);

const outcomeOf = (score: Score): TrialOutcome =>
  score === null ? infeasible : { state: "completed", score, results: [], durationSeconds: 1 };

/** Scores by number, and an order in which they settle. */
const settlings = fc
  .array(fc.option(fc.integer({ min: -3, max: 6 }), { freq: 5 }), { minLength: 1, maxLength: 12 })
  .chain((scores) => {
    const numbers = scores.map((_, number) => number);
    return fc.record({
      scores: fc.constant(scores),
      order: fc.shuffledSubarray(numbers, { minLength: numbers.length }),
      settled: fc.integer({ min: 1, max: numbers.length }),
    });
  });

describe("the best score so far", () => {
  it("is by number, in whatever order results arrive", async () => {
    await fc.assert(
      fc.asyncProperty(settlings, async ({ scores, order, settled }) => {
        const budget = scores.length + 1; // one trial stays open: the search goes on
        const id = await searchingJob(store(), { trials: budget, parallelism: budget });
        const arrived = order.slice(0, settled);
        for (const number of arrived) await runTrial(store(), id, number, outcomeOf(scores[number] ?? null));
        const known = scores.map((score, number) => (arrived.includes(number) ? score : null));
        const best = bestUpTo(known);
        const { trials, total } = await store().views.history(id, { points: 100 });
        expect(total).toBe(settled);
        expect(trials.map(({ number, score, best_score }) => [number, score, best_score])).toEqual(
          arrived.toSorted((a, b) => a - b).map((number) => [number, scores[number] ?? null, best[number]]),
        );
        expect(await keptRows(id)).toEqual(improvementsOf(known));
      }),
      { numRuns: 12 },
    );
  });

  it("is found alike for jobs that were searched before it was kept", async () => {
    const id = await searchingJob(store(), { trials: 9, parallelism: 9 });
    for (const number of [4, 1, 7, 3, 0]) await runTrial(store(), id, number, outcomeOf((number * 5) % 8));
    const kept = await keptRows(id);
    expect(kept).toEqual([0]);
    await migrateOldJobs();
    expect(await keptRows(id)).toEqual(kept);
  });
});

describe("the history", () => {
  const history = async (values: readonly Score[], points: number, range: Partial<HistoryQuery> = {}) => {
    const id = await searchingJob(store());
    await addTrials(store(), id, 1, values);
    await migrateOldJobs();
    return store().views.history(id, { points, ...range });
  };

  it("keeps improvements and the last trial when it is thinned, never more points than asked", async () => {
    const values = fc.array(fc.option(fc.integer({ min: 0, max: 40 }), { freq: 5 }), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(values, fc.integer({ min: 2, max: 30 }), async (scores, points) => {
        const { trials, total } = await history(scores, points);
        expect(total).toBe(scores.length);
        expect(trials).toHaveLength(Math.min(points, total));
        expect(trials.at(-1)?.number).toBe(total);
        const best = bestUpTo(scores);
        for (const { number, score, best_score } of trials) {
          expect([score, best_score]).toEqual([scores[number - 1], best[number - 1]]);
        }
        const improvements = improvementsOf(scores).map((index) => index + 1);
        if (improvements.length < points) {
          expect(trials.map(({ number }) => number)).toEqual(expect.arrayContaining(improvements));
        }
      }),
      { numRuns: 40 },
    );
  });

  it("spreads its points evenly over many trials, and over improvements alone", async () => {
    const gapOf = (numbers: readonly number[]): number =>
      Math.max(...numbers.slice(1).map((number, i) => number - (numbers[i] ?? 0)));
    const flat = await history(
      Array.from({ length: 4000 }, () => 1),
      100,
    );
    expect(flat.trials).toHaveLength(100);
    expect(gapOf(flat.trials.map(({ number }) => number))).toBeLessThanOrEqual(80);

    const falling = await history(
      Array.from({ length: 4000 }, (_, n) => -n),
      100,
    );
    expect(falling.trials).toHaveLength(100);
    expect(gapOf(falling.trials.map(({ number }) => number))).toBeLessThanOrEqual(80);
    for (const { score, best_score } of falling.trials) expect(best_score).toBe(score);
  });

  it("shows a range of numbers as it shows all, the best so far still from the first trial on", async () => {
    const scores = Array.from({ length: 900 }, (_, n) => 2 - n / 1000 + (n % 7 === 0 ? 0.5 : 0));
    const best = bestUpTo(scores);
    const { trials, thinned, total } = await history(scores, 5000, { min_number: 301, max_number: 400 });
    expect(trials.map(({ number }) => number)).toEqual(Array.from({ length: 100 }, (_, n) => 301 + n));
    for (const { number, best_score } of trials) expect(best_score).toBe(best[number - 1]);
    expect({ thinned, total }).toEqual({ thinned: false, total: 900 });

    const few = await history(scores, 20, { min_number: 301, max_number: 400 });
    expect(few.thinned).toBe(true);
    expect(few.trials).toHaveLength(20);
    expect(few.trials.at(-1)?.number).toBe(400);
    for (const { number } of few.trials) expect(number).toBeGreaterThanOrEqual(301);

    expect(await history(scores, 20, { min_number: 5000 })).toMatchObject({ trials: [], thinned: false });
  });

  it("tells of each trial its race and its perplexity at each sparsity", async () => {
    const id = await searchingJob(store(), { trials: 3, parallelism: 3, sparsity: [0.2, 0.5] });
    const results = [resultOf(8, 0.2), resultOf(null, 0.5)];
    await runTrial(store(), id, 0, { state: "completed", score: 2, results, durationSeconds: 1 });
    const claim = await store().trials.claim(id, 1, "w", 30);
    const epoch = claim?.epoch ?? -1;
    await store().trials.propose(id, 1, epoch, { params: {}, origin: "sampler", rival: 0 });
    await store().trials.settle(id, 1, epoch, {
      state: "pruned",
      partialScore: 2.5,
      windowsSeen: 16,
      scoredShare: 0.25,
      results: [resultOf(null, 0.2), resultOf(null, 0.5)],
      durationSeconds: 1,
    });
    const { trials } = await store().views.history(id, { points: 10 });
    expect(trials).toMatchObject([
      { number: 0, scored_share: 1, partial_score: null, perplexities: [{ sparsity: 0.2, scoring_perplexity: 8 }] },
      { number: 1, score: null, rival: 0, scored_share: 0.25, partial_score: 2.5, perplexities: [], best_score: 2 },
    ]);
  });

  it("is empty before the first trial", async () => {
    expect(await store().views.history(await searchingJob(store()), { points: 10 })).toMatchObject({
      trials: [],
      total: 0,
    });
  });
});
