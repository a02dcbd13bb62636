import { readFile } from "node:fs/promises";
import { type JobId, type TrialQuery, type TrialState, type TrialView, trialQuery } from "@espalier/contracts";
import { makeRemoveDeleted, type Params, type TrialOutcome } from "@espalier/pipeline";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { completed, infeasible, newJob, profileOutcome } from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();

/** Beyond what is sorted as it is read, and not. */
const BUDGETS = { large: 5001, small: 5000 };
const names = ["a", "it's", "exchange"];
const space = names.slice(0, 2).map((name) => ({ name, type: "float", low: 0, high: 1 }) as const);

const failed: TrialOutcome = { state: "failed", reason: "lost" };
const pruned: TrialOutcome = {
  state: "pruned",
  results: [],
  partialScore: 3,
  windowsSeen: 16,
  scoredShare: 0.5,
  durationSeconds: 1,
};

/** What becomes of the trials in turn; null: it is still running at the end. */
const outcomes: readonly (TrialOutcome | null)[] = [
  completed(7),
  pruned,
  completed(6),
  failed,
  infeasible,
  null,
  completed(8),
];
const values = [0.5, "text", -1, 0.5, true, `${"8 4@17 ".repeat(500)}1`, `${"8 4@17 ".repeat(500)}2`, 1e300, undefined];

/** Runs a job of so large a budget: every trial proposed, most of them settled, some never begun. */
async function job(trials: number): Promise<JobId> {
  const { jobs, trials: leases } = store();
  const { id } = await jobs.create(newJob({ trials, parallelism: 8 }));
  const stage = await jobs.claimStage(id, "profile", "w", 30);
  await jobs.settleProfile(id, stage?.epoch ?? -1, { ...profileOutcome, plan: { space, starts: [], given: [] } });
  for (let number = 0; number < 24; number++) {
    const claim = await leases.claim(id, number, "w", 30);
    const given = names.map((name, k) => [name, values[(number * (k + 2) + k) % values.length]] as const);
    const params = Object.fromEntries(given.filter(([, value]) => value !== undefined)) as Params;
    await leases.propose(id, number, claim?.epoch ?? -1, { params, origin: "sampler", rival: number === 0 ? 1 : 0 });
    const outcome = outcomes[number % outcomes.length];
    if (outcome) await leases.settle(id, number, claim?.epoch ?? -1, outcome);
  }
  return id;
}

let ids: Readonly<Record<keyof typeof BUDGETS, JobId>>;
beforeAll(async () => {
  ids = { large: await job(BUDGETS.large), small: await job(BUDGETS.small) };
});

async function readAll(id: JobId, query: Partial<TrialQuery>): Promise<readonly TrialView[]> {
  const seen: TrialView[] = [];
  let cursor: string | undefined;
  do {
    const page = await store().views.trials(id, { ...trialQuery.parse({}), ...query, cursor });
    seen.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return seen;
}

/** Texts by their beginning, then numbers, then truth values, then nothing; in both directions nothing comes last. */
function sorted(trials: readonly TrialView[], name: string, isDescending: boolean): number[] {
  const sign = isDescending ? -1 : 1;
  const key = (trial: TrialView): readonly [number, string | number | boolean] => {
    const value = trial.params?.[name];
    if (value === undefined || value === null) return [3, 0];
    if (typeof value === "string") return [0, value.slice(0, 100)];
    return typeof value === "number" ? [1, value] : [2, value];
  };
  const compare = (a: TrialView, b: TrialView): number => {
    const [[kindA, valueA], [kindB, valueB]] = [key(a), key(b)];
    if (kindA !== kindB) return kindA === 3 || kindB === 3 ? kindA - kindB : sign * (kindA - kindB);
    return sign * (valueA < valueB ? -1 : valueA > valueB ? 1 : a.number - b.number);
  };
  return [...trials].sort(compare).map(({ number }) => number);
}

const filters: readonly Partial<TrialQuery>[] = [
  {},
  { state: "completed" },
  { state: "infeasible" },
  { state: "running" },
  { state: "waiting" },
  { min_score: Math.log(6.5) },
  { state: "pruned", max_score: 9 },
  { min_number: 7, max_number: 300 },
  { max_number: 500, min_score: Math.log(6.5) },
];

const passes = (query: Partial<TrialQuery>, trial: TrialView): boolean =>
  trial.number >= (query.min_number ?? 0) && trial.number <= (query.max_number ?? trial.number) && scores(query, trial);

const scores = ({ state, min_score, max_score }: Partial<TrialQuery>, trial: TrialView): boolean =>
  (state === undefined || trial.state === state) &&
  (min_score === undefined || (trial.score ?? Number.NaN) >= min_score) &&
  (max_score === undefined || (trial.score ?? Number.NaN) <= max_score);

describe("trials sorted by a parameter", () => {
  it("come once each in the same order in a large job, page by page, as in a small one", async () => {
    const all = { large: await readAll(ids.large, {}), small: await readAll(ids.small, {}) };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("large" as const, "small" as const),
        fc.constantFrom(...names, "no such"),
        fc.boolean(),
        fc.constantFrom(...filters),
        fc.integer({ min: 1, max: 40 }),
        async (size, name, isDescending, filter, limit) => {
          const sort = `${isDescending ? "-" : ""}param:${name}`;
          const seen = await readAll(ids[size], { ...filter, sort, limit });
          const wanted = all[size].filter((trial) => passes(filter, trial));
          expect(seen.map(({ number }) => number)).toEqual(sorted(wanted, name, isDescending));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("come in order where a range of scores holds too many to be sorted as they are read", async () => {
    const { sql } = store();
    await sql(
      `INSERT INTO trials (job_id, number, state, score, params)
       SELECT $1, n, 'completed', 100 + n % 7, jsonb_build_object('a', n * 7919 % 3001) FROM generate_series(1001, 4100) AS n`,
      [ids.large],
    );
    await sql(
      `INSERT INTO sorted_values SELECT p.id, t.number, t.state, t.params->p.name, t.score FROM sorted_parameters AS p
       JOIN trials AS t ON t.job_id = p.job_id WHERE p.job_id = $1 AND t.number > 1000`,
      [ids.large],
    );
    const page = await store().views.trials(ids.large, { sort: "-param:a", limit: 20, min_score: 100, max_score: 105 });
    const [first, ...rest] = page.data.map(({ params }) => Number(params?.["a"]));
    expect(page.data.every(({ score }) => score !== null && score <= 105)).toBe(true);
    expect(first).toBeGreaterThan(2950);
    for (const [index, value] of rest.entries()) expect(value).toBeLessThanOrEqual([first, ...rest][index] ?? 0);
    await sql("DELETE FROM sorted_values WHERE number > 1000");
    await sql("DELETE FROM trials WHERE job_id = $1 AND number > 1000", [ids.large]);
  });

  it("are kept for every settled trial of a large job alone, as the migration fills them in", async () => {
    const { sql } = store();
    const kept = () =>
      sql<{ number: number; state: TrialState }>(
        `SELECT p.job_id, p.name, v.number, v.state, v.value, v.score FROM sorted_parameters AS p LEFT JOIN sorted_values AS v
         ON v.parameter_id = p.id ORDER BY p.job_id, p.name, v.number`,
      );
    const before = await kept();
    expect(before).toHaveLength(3 * 21);
    expect(before.some(({ state }) => state === "running")).toBe(false);
    const migration = new URL("../../../prisma/migrations/20261122234000_sorted_values/migration.sql", import.meta.url);
    const text = await readFile(migration, "utf8");
    await sql("TRUNCATE sorted_parameters, sorted_values");
    await sql(text.slice(text.indexOf("INSERT INTO")));
    expect(await kept()).toEqual(before);
  });

  it("leave nothing behind when their job is deleted", async () => {
    const { jobs, removals, sql } = store();
    await jobs.cancel(ids.large);
    const cancelled = await readAll(ids.large, { state: "cancelled", sort: "param:a", limit: 2 });
    expect(cancelled.map(({ number }) => number)).toEqual(sorted(cancelled, "a", false));
    await jobs.delete(ids.large);
    const files = {
      removeJob: async () => undefined,
      setAsideStatistics: async () => undefined,
      removeSetAside: async () => undefined,
    };
    await makeRemoveDeleted({ removals, files })();
    expect(await sql("SELECT 1 FROM sorted_values UNION ALL SELECT 1 FROM sorted_parameters")).toEqual([]);
  });
});
