/**
 * Writes the plans of what the service asks of Postgres, with a million trials in one job and ten thousand other jobs,
 * beside the queries: packages/store/src/FOLDER/plans. A plan that scans shows there before a user waits for it, and
 * tests/plans checks that small databases still walk the same indexes.
 * npm run bench -- service/plans [--data DIR]
 */
import { mkdir, writeFile } from "node:fs/promises";
import { openStore } from "@espalier/store";
import pg from "pg";
import { ENCRYPTION_KEY } from "./open-database.js";
import { openSeeded } from "./open-seeded.js";
import { calls, explain, noteQueries, queriesOf, tidy } from "./queries.js";
import { addDeliveries, LARGE } from "./seed.js";

const seeded = await openSeeded();
noteQueries();
const store = openStore({ databaseUrl: seeded.databaseUrl, encryptionKey: ENCRYPTION_KEY });
const client = new pg.Client({ connectionString: seeded.databaseUrl });
await client.connect();
await addDeliveries(client, seeded.jobId);
for (const [path, { call }] of Object.entries(calls)) {
  const [folder, name] = path.split("/");
  const plans: string[] = [];
  for (const query of await queriesOf(call, store, seeded.jobId)) {
    const plan = await explain(client, query, "ANALYZE, TIMING OFF, BUFFERS OFF");
    plans.push(`${tidy(query.text)}\n\n${plan}\n`.replaceAll(seeded.jobId, "JOB"));
  }
  const { trials, jobs } = LARGE;
  const heading = `${name}: ${trials} trials in the job, ${jobs} other jobs; written by npm run bench -- service/plans\n`;
  const target = new URL(`../../packages/store/src/${folder}/plans/`, import.meta.url);
  await mkdir(target, { recursive: true });
  await writeFile(new URL(`${name}.txt`, target), [heading, ...plans].join("\n"));
}
await client.end();
await store.close();
await seeded.close();
