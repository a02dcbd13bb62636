/**
 * The plans of the service's queries are kept beside them (packages/store/src/FOLDER/plans/*.txt, written by
 * npm run bench -- service/plans at a million trials). Here the same calls are made on a small database, where scanning a
 * table is forbidden, and have to walk the indexes that they should.
 */
import { readdir, readFile } from "node:fs/promises";
import type { JobId } from "@espalier/contracts";
import { startTestDatabase } from "@espalier/embedded";
import { openStore, type Store } from "@espalier/store";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ENCRYPTION_KEY } from "../../bench/service/open-database.js";
import { calls, explain, noteQueries, queriesOf } from "../../bench/service/queries.js";
import { addDeliveries, seed } from "../../bench/service/seed.js";

const source = new URL("../../packages/store/src/", import.meta.url);

/** Enough for an index to be worth its while, and beyond what is sorted as it is read. */
const SMALL = { trials: 6_000, jobs: 400 };

/** Tables whose size is not bounded by what one job or one reading may have. */
const wholeTable = /Seq Scan on (?:jobs|trials|sorted_values|deliveries)\b.*/;

function expectWalks(plans: string, walks: readonly string[]): void {
  expect(wholeTable.exec(plans)?.[0]).toBeUndefined();
  for (const index of walks) expect(plans).toMatch(new RegExp(`(?:using|Bitmap Index Scan on) ${index}\\b`));
}

let store: Store;
let client: pg.Client;
let id: JobId;

beforeAll(async () => {
  const { url } = await startTestDatabase();
  noteQueries();
  client = new pg.Client({ connectionString: url });
  await client.connect();
  id = await seed(client, url, ENCRYPTION_KEY, SMALL);
  await addDeliveries(client, id);
  await client.query("SET enable_seqscan = off");
  store = openStore({ databaseUrl: url, encryptionKey: ENCRYPTION_KEY });
});

afterAll(async () => {
  await store?.close();
  await client?.end();
});

describe("plans of queries", () => {
  it.each(Object.entries(calls))("walk their indexes, kept and now: %s", async (path, { call, walks }) => {
    const [folder, name] = path.split("/");
    expectWalks(await readFile(new URL(`${folder}/plans/${name}.txt`, source), "utf8"), walks);
    const plans: string[] = [];
    for (const query of await queriesOf(call, store, id)) plans.push(await explain(client, query, "ANALYZE off"));
    expectWalks(plans.join("\n"), walks);
  });

  it("are kept for no call that is gone", async () => {
    const files = await readdir(source, { recursive: true });
    const kept = files.filter((file) => /^[\w-]+\/plans\/.+\.txt$/.test(file)).map((file) => file.replace(".txt", ""));
    expect(kept.map((file) => file.replace("plans/", "")).sort()).toEqual(Object.keys(calls).sort());
  });
});
