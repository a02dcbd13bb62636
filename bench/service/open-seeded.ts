import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { JobId } from "@espalier/contracts";
import pg from "pg";
import { type BenchDatabase, ENCRYPTION_KEY, openDatabase } from "./open-database.js";
import { findSeeded, LARGE, type SeedSize, seed } from "./seed.js";

export interface Seeded extends BenchDatabase {
  readonly jobId: JobId;
}

/** Folder of a seeded database that is kept, if one is: other sizes than the usual one have folders of their own in it. */
async function keptFolder(size: SeedSize): Promise<string | undefined> {
  const flag = process.argv.indexOf("--data");
  const data = flag > 0 ? process.argv[flag + 1] : undefined;
  if (data === undefined || size === LARGE) return data;
  const own = join(data, String(size.trials));
  // Postgres refuses root and runs as another account, which has to reach its folder.
  await mkdir(own, { recursive: true, mode: 0o755 });
  return own;
}

/** The seeded database. `--data DIR` keeps it there and finds it again: seeding takes minutes. */
export async function openSeeded(size = LARGE): Promise<Seeded> {
  const opened = await openDatabase(await keptFolder(size));
  const client = new pg.Client({ connectionString: opened.databaseUrl });
  await client.connect();
  const jobId = (await findSeeded(client)) ?? (await seed(client, opened.databaseUrl, ENCRYPTION_KEY, size));
  await client.end();
  return { ...opened, jobId };
}
