import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JobId } from "@espalier/contracts";
import { applyMigrations, createDatabase, startEmbeddedPostgres } from "@espalier/embedded";
import pg from "pg";
import { findSeeded, seed } from "./seed.js";

export const ENCRYPTION_KEY = new Uint8Array(32).fill(7);

export interface Seeded {
  readonly databaseUrl: string;
  readonly dataDir: string;
  readonly jobId: JobId;
  close(): Promise<void>;
}

/**
 * The embedded Postgres as users get it, with the seeded database. `--data DIR` keeps it there and finds it again: seeding
 * takes minutes.
 */
export async function openSeeded(): Promise<Seeded> {
  const flag = process.argv.indexOf("--data");
  const kept = flag > 0 ? process.argv[flag + 1] : undefined;
  const dataDir = kept ?? (await mkdtemp(join(tmpdir(), "espalier-bench-")));
  const server = await startEmbeddedPostgres({ dir: join(dataDir, "postgres") });
  const databaseUrl = await createDatabase(server.url, "bench");
  await applyMigrations(databaseUrl);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const jobId = (await findSeeded(client)) ?? (await seed(client, databaseUrl, ENCRYPTION_KEY));
  await client.end();
  return {
    databaseUrl,
    dataDir,
    jobId,
    close: async () => {
      await server.stop();
      if (kept === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}
