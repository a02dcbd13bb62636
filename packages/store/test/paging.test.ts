import { type JobId, newJobId, type TrialQuery, type TrialView, trialQuery, trialSortKeys } from "@espalier/contracts";
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

const keyOf = (trial: TrialView, sort: string): number | null =>
  sort.endsWith("number") ? trial.number : sort.endsWith("score") ? trial.score : trial.duration_seconds;

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
        fc.constantFrom(...trialSortKeys),
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
      fc.asyncProperty(scores, scores, fc.constantFrom(...trialSortKeys), async (before, added, sort) => {
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
    expect(await numbers({ state: "completed", sort: "-score", limit: 1 })).toEqual([4, 3, 2, 1]);
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
  it("hold every job once while jobs are being added, by state and label", async () => {
    const { jobs, views } = store();
    const label = { page: "yes" };
    const made: JobId[] = [];
    const add = async () => made.push((await jobs.create(newJob({}, { labels: label }))).id);
    for (let n = 0; n < 7; n++) await add();
    const before = [...made];
    const seen: JobId[] = [];
    let cursor: string | undefined;
    do {
      const page = await views.jobs({ limit: 2, sort: "-created_at", state: "queued", label: "page:yes", cursor });
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor ?? undefined;
      await add();
    } while (cursor !== undefined);
    expect(seen).toEqual(before.reverse());
  });
});
