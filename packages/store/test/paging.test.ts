import {
  type JobId,
  type JobQuery,
  jobQuery,
  newJobId,
  type TrialQuery,
  type TrialView,
  trialQuery,
  trialSortKeys,
} from "@espalier/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addTrials } from "./support/add-trials.js";
import { newJob, searchingJob } from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();

type Between = (page: number) => Promise<void>;

async function readAll(id: JobId, query: Partial<TrialQuery>, between: Between = async () => {}): Promise<TrialView[]> {
  const seen: TrialView[] = [];
  let cursor: string | undefined;
  for (let page = 0; ; page++) {
    const read = await store().views.trials(id, { ...trialQuery.parse({}), ...query, cursor });
    seen.push(...read.data);
    if (read.next_cursor === null) return seen;
    expect(read.has_more).toBe(true);
    cursor = read.next_cursor;
    await between(page);
  }
}

const sortKeys = [...trialSortKeys, "param:flat", "-param:flat", "param:no such"] as const;

const keyOf = (trial: TrialView, sort: string): number | null =>
  ({
    number: trial.number,
    score: trial.score,
    duration: trial.duration_seconds,
    "param:flat": (trial.params?.["flat"] as number | undefined) ?? null,
  })[sort.replace(/^-/, "")] ?? null;

function expectSorted(trials: readonly TrialView[], sort: string): void {
  const sign = sort.startsWith("-") ? -1 : 1;
  const rank = (trial: TrialView) => keyOf(trial, sort) ?? sign * Number.POSITIVE_INFINITY;
  const sorted = [...trials].sort((a, b) => sign * (rank(a) - rank(b) || a.number - b.number));
  expect(trials.map(({ number }) => number)).toEqual(sorted.map(({ number }) => number));
}

const scores = fc.array(fc.option(fc.integer({ min: -3, max: 3 })), { minLength: 1, maxLength: 25 });

describe("pages of trials", () => {
  it("hold every trial once, in order, nulls last, for any sort and page size", async () => {
    await fc.assert(
      fc.asyncProperty(
        scores,
        fc.constantFrom(...sortKeys),
        fc.integer({ min: 1, max: 9 }),
        async (values, sort, limit) => {
          const id = await searchingJob(store());
          await addTrials(store(), id, 1, values);
          const seen = await readAll(id, { sort, limit });
          expect(seen).toHaveLength(values.length + 1);
          expectSorted(seen, sort);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("miss and repeat nothing that was there at the start while trials are being added", async () => {
    await fc.assert(
      fc.asyncProperty(scores, scores, fc.constantFrom(...sortKeys), async (before, added, sort) => {
        const id = await searchingJob(store());
        await addTrials(store(), id, 1, before);
        const seen = await readAll(id, { sort, limit: 3 }, async (page) => {
          const value = added[page];
          if (value !== undefined) await addTrials(store(), id, 1000 + page, [value]);
        });
        const numbers = seen.map(({ number }) => number);
        expect(new Set(numbers).size).toBe(numbers.length);
        for (let number = 0; number <= before.length; number++) expect(numbers).toContain(number);
        expectSorted(seen, sort);
      }),
      { numRuns: 25 },
    );
  });

  it("keep to the filter", async () => {
    const id = await searchingJob(store());
    await addTrials(store(), id, 1, [1, 2, 3, 4, null]);
    const numbers = async (query: Partial<TrialQuery>) => (await readAll(id, query)).map(({ number }) => number);
    expect(await numbers({ min_score: 2, max_score: 3 })).toEqual([2, 3]);
    expect(await numbers({ state: "failed" })).toEqual([5]);
    expect(await numbers({ min_number: 2, max_number: 4 })).toEqual([2, 3, 4]);
    expect(await numbers({ max_number: 3, sort: "-number", limit: 2 })).toEqual([3, 2, 1, 0]);
    expect(await numbers({ state: "completed", sort: "-score", limit: 1 })).toEqual([4, 3, 2, 1]);
  });

  it("sort texts, numbers and missing values of a parameter", async () => {
    const id = await searchingJob(store());
    const values = ['"b"', "10", '"a"', "9.5", "true", "null", undefined, '"a"'];
    await addTrials(
      store(),
      id,
      1,
      values.map(() => 1),
    );
    for (const [index, value] of values.entries()) {
      const params = value === undefined ? "{}" : `{"it's": ${value}}`;
      await store().sql("UPDATE trials SET params = $3 WHERE job_id = $1 AND number = $2", [id, index + 1, params]);
    }
    const numbers = async (sort: string) => (await readAll(id, { sort, limit: 2 })).map(({ number }) => number);
    expect(await numbers("param:it's")).toEqual([6, 3, 8, 1, 4, 2, 5, 0, 7]);
    expect(await numbers("-param:it's")).toEqual([5, 2, 4, 1, 8, 3, 6, 7, 0]);
  });

  it("hold only the fields that were asked for, with the same cursors", async () => {
    const id = await searchingJob(store());
    await addTrials(store(), id, 1, [3, 1, 2]);
    const query = { ...trialQuery.parse({ sort: "-score", limit: "2", fields: "score,attempts" }) };
    const first = await store().views.trialFields(id, query);
    expect(first.data).toEqual([
      { score: 3, attempts: 0 },
      { score: 2, attempts: 0 },
    ]);
    const rest = await store().views.trials(id, { ...query, cursor: first.next_cursor ?? "" });
    expect(rest.data.map(({ number }) => number)).toEqual([2, 0]);
  });

  it("refuse a forged cursor, and one of another list, filter or sort", async () => {
    const id = await searchingJob(store());
    await addTrials(store(), id, 1, [1, 2, 3]);
    const first = await store().views.trials(id, { limit: 1, sort: "score" });
    const cursor = first.next_cursor ?? "";
    const refused = (query: TrialQuery, jobId = id) =>
      expect(store().views.trials(jobId, query)).rejects.toMatchObject({ code: "CURSOR_INVALID" });
    await refused({ limit: 1, sort: "-score", cursor });
    await refused({ limit: 1, sort: "score", state: "failed", cursor });
    await refused({ limit: 1, sort: "score", cursor }, await searchingJob(store()));
    await refused({ limit: 1, sort: "score", cursor: `${cursor.slice(0, -1)}${cursor.endsWith("A") ? "B" : "A"}` });
    const forged = `${Buffer.from("[0,0]").toString("base64url")}.${cursor.split(".")[1]}`;
    await refused({ limit: 1, sort: "score", cursor: forged });
    for (const nonsense of ["", ".", "x", "a.b.c", "ü.ü"]) await refused({ limit: 1, sort: "score", cursor: nonsense });
    await expect(store().views.jobs({ limit: 1, sort: "created_at", cursor })).rejects.toMatchObject({
      code: "CURSOR_INVALID",
    });
  });

  it("say that a job or trial does not exist", async () => {
    const { views } = store();
    await expect(views.trials(newJobId(), trialQuery.parse({}))).rejects.toMatchObject({ code: "JOB_NOT_FOUND" });
    const id = await searchingJob(store());
    await expect(views.trial(id, 9)).rejects.toMatchObject({ code: "TRIAL_NOT_FOUND" });
    await expect(views.trial(id, Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({ code: "TRIAL_NOT_FOUND" });
  });
});

describe("pages of jobs", () => {
  const readJobs = async (query: Partial<JobQuery>, between: () => Promise<unknown> = async () => {}) => {
    const seen: JobId[] = [];
    let cursor: string | undefined;
    do {
      const page = await store().views.jobs({ ...jobQuery.parse({}), limit: 2, ...query, cursor });
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor ?? undefined;
      await between();
    } while (cursor !== undefined);
    return seen;
  };
  const make = async (count: number, labels: Readonly<Record<string, string>>): Promise<JobId[]> => {
    const made: JobId[] = [];
    for (let n = 0; n < count; n++) made.push((await store().jobs.create(newJob({}, { labels }))).id);
    return made;
  };

  it("hold every job once while jobs are being added, by state and label", async () => {
    const labels = { page: "yes" };
    const before = await make(7, labels);
    const seen = await readJobs({ state: "queued", label: "page:yes" }, () => make(1, labels));
    expect(seen).toEqual(before.reverse());
  });

  it("sort by when jobs ended, those that have not at last", async () => {
    const made = await make(6, { page: "ended" });
    const ended = [made[3], made[0], made[5]];
    for (const id of ended) await store().jobs.cancel(id as JobId);
    const open = made.filter((id) => !ended.includes(id));
    const label = "page:ended";
    expect(await readJobs({ label, sort: "finished_at" })).toEqual([...ended, ...open]);
    expect(await readJobs({ label, sort: "-finished_at" })).toEqual([...ended.reverse(), ...open.reverse()]);
  });

  it("keep to a range of times, closed at its start and open at its end, and to a model", async () => {
    const made = await make(4, { page: "range" });
    for (const [index, id] of made.entries()) {
      await store().sql("UPDATE jobs SET created_at = $2 WHERE id = $1", [id, `2020-01-0${index + 1}T00:00:00Z`]);
    }
    await store().sql(`UPDATE jobs SET spec = jsonb_set(spec, '{model,path}', '"other"') WHERE id = $1`, [made[2]]);
    const range = { created_from: "2020-01-02T01:00:00+01:00", created_before: "2020-01-04T00:00:00Z" };
    expect(await readJobs(range)).toEqual([made[2], made[1]]);
    expect(await readJobs({ ...range, model: "stories260K" })).toEqual([made[1]]);
    expect(await readJobs({ model: "other" })).toEqual([made[2]]);
  });
});
