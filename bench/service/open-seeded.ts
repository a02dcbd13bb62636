import type { JobId } from "@espalier/contracts";
import pg from "pg";
import { type BenchDatabase, ENCRYPTION_KEY, openDatabase } from "./open-database.js";
import { findSeeded, seed } from "./seed.js";

export interface Seeded extends BenchDatabase {
  readonly jobId: JobId;
}

/** The seeded database. `--data DIR` keeps it there and finds it again: seeding takes minutes. */
export async function openSeeded(): Promise<Seeded> {
  const flag = process.argv.indexOf("--data");
  const opened = await openDatabase(flag > 0 ? process.argv[flag + 1] : undefined);
  const client = new pg.Client({ connectionString: opened.databaseUrl });
  await client.connect();
  const jobId = (await findSeeded(client)) ?? (await seed(client, opened.databaseUrl, ENCRYPTION_KEY));
  await client.end();
  return { ...opened, jobId };
}
