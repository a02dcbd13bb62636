/**
 * Writes the plans of what the views ask of Postgres, with a million trials in one job and ten thousand other jobs, beside
 * the queries: packages/store/src/views/plans. A plan that scans shows there before a user waits for it.
 * npm run bench -- service/plans [--data DIR]
 */
import { mkdir, writeFile } from "node:fs/promises";
import { jobQuery, type TrialQuery, trialQuery } from "@espalier/contracts";
import { openStore, type Views } from "@espalier/store";
import pg from "pg";
import { ENCRYPTION_KEY, openSeeded } from "./open-seeded.js";
import { JOBS, TRIALS } from "./seed.js";

const folder = new URL("../../packages/store/src/views/plans/", import.meta.url);

interface Asked {
  readonly text: string;
  readonly values: unknown[];
}

const asked: Asked[] = [];

/** Notes what the store sends; it uses this same pg. */
function noteQueries(): void {
  const query = pg.Client.prototype.query as (this: pg.Client, ...args: unknown[]) => unknown;
  pg.Client.prototype.query = function note(this: pg.Client, ...args: unknown[]) {
    const [{ text, values = [] } = { text: "" }] = args as [Partial<Asked>?];
    if (/^\s*(?:SELECT|WITH)\b/.test(text ?? "")) asked.push({ text: text ?? "", values });
    return query.apply(this, args);
  } as typeof pg.Client.prototype.query;
}

const seeded = await openSeeded();
const id = seeded.jobId;
const trials = (query: object) => (views: Views) => views.trialFields(id, trialQuery.parse(query));
const jobs = (query: object) => (views: Views) => views.jobs(jobQuery.parse(query));

/** The page after the first: its plan begins at a cursor. */
const second = (query: Partial<TrialQuery>) => async (views: Views) => {
  const { next_cursor } = await views.trialFields(id, trialQuery.parse(query));
  asked.length = 0;
  await views.trialFields(id, { ...trialQuery.parse(query), cursor: next_cursor ?? undefined });
};

const calls: Readonly<Record<string, (views: Views) => Promise<unknown>>> = {
  "trials-by-number": second({}),
  "trials-by-score": second({ sort: "-score" }),
  "trials-by-duration": second({ sort: "duration" }),
  "trials-of-a-state": second({ state: "infeasible" }),
  "trials-in-a-score-range": trials({ min_score: 2.6, max_score: 2.601 }),
  "trials-by-parameter": trials({ sort: "param:p3" }),
  history: (views) => views.history(id, 500),
  pareto: (views) => views.pareto(id),
  "analysed-trials": (views) => views.importance(id, { quantile: 0.1 }),
  layers: (views) => views.layers(id),
  jobs: jobs({}),
  "jobs-by-end": jobs({ sort: "-finished_at" }),
  "jobs-of-a-state": jobs({ state: "failed" }),
  "jobs-of-a-label": jobs({ label: "team:team-3" }),
  "jobs-of-a-model": jobs({ model: "model-2" }),
};

/** The query on one margin, without the emptiness of where it was written. */
const tidy = (sql: string): string => sql.replaceAll(/\s+/g, " ").trim();

async function explain(client: pg.Client, { text, values }: Asked): Promise<string> {
  const explained = `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, BUFFERS OFF) ${text}`;
  const { rows } = await client.query<{ "QUERY PLAN": string }>(explained, values);
  const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
  return `${tidy(text)}\n\n${plan}\n`.replaceAll(id, "JOB");
}

noteQueries();
const store = openStore({ databaseUrl: seeded.databaseUrl, encryptionKey: ENCRYPTION_KEY });
const client = new pg.Client({ connectionString: seeded.databaseUrl });
await client.connect();
await mkdir(folder, { recursive: true });
for (const [name, call] of Object.entries(calls)) {
  asked.length = 0;
  await call(store.views);
  const queries = [...asked];
  const plans: string[] = [];
  for (const query of queries) plans.push(await explain(client, query));
  const heading = `${name}: ${TRIALS} trials in the job, ${JOBS} other jobs; written by npm run bench -- service/plans\n`;
  await writeFile(new URL(`${name}.txt`, folder), [heading, ...plans].join("\n"));
}
await client.end();
await store.close();
await seeded.close();
