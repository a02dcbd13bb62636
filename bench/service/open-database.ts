import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyMigrations, createDatabase, startEmbeddedPostgres } from "@espalier/embedded";

export const ENCRYPTION_KEY = new Uint8Array(32).fill(7);

/** A database with all migrations in the embedded Postgres as users get it, and a data folder. */
export interface BenchDatabase {
  readonly databaseUrl: string;
  readonly dataDir: string;
  close(): Promise<void>;
}

/** Opens the database in a folder that is kept, or in one that is removed at the end. */
export async function openDatabase(kept?: string): Promise<BenchDatabase> {
  const dataDir = kept ?? (await mkdtemp(join(tmpdir(), "espalier-bench-")));
  // Postgres refuses root and runs as another account, which has to reach its folder.
  if (kept === undefined) await chmod(dataDir, 0o755);
  const server = await startEmbeddedPostgres({ dir: join(dataDir, "postgres") });
  const databaseUrl = await createDatabase(server.url, "bench");
  await applyMigrations(databaseUrl);
  return {
    databaseUrl,
    dataDir,
    close: async () => {
      await server.stop();
      if (kept === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}
