import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "@espalier/contracts";
import type pg from "pg";
import { onServer } from "./databases.js";

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** Key of the advisory lock that Prisma's own engine takes, so that both wait for each other. */
const PRISMA_MIGRATE_LOCK = 72_707_369;

/** As Prisma's engine makes it. */
const MIGRATIONS_TABLE = `
CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id                  VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum            VARCHAR(64) NOT NULL,
  finished_at         TIMESTAMPTZ,
  migration_name      VARCHAR(255) NOT NULL,
  logs                TEXT,
  rolled_back_at      TIMESTAMPTZ,
  started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

/**
 * Brings a database to the checked-in schema: what `prisma migrate deploy` does, with the same rows and checksums in
 * `_prisma_migrations`, so that both can be mixed. Ours runs at every start of the embedded stack, where the command
 * line costs about two seconds and this 20 ms. Returns the names that were applied now.
 * Rejects with AppError INTERNAL when an applied migration was edited since or another one failed.
 */
export async function applyMigrations(url: string): Promise<readonly string[]> {
  const migrations = readMigrations();
  return onServer(url, async (client) => {
    await client.query("SELECT pg_advisory_lock($1)", [PRISMA_MIGRATE_LOCK]);
    await client.query(MIGRATIONS_TABLE);
    const pending = await findPending(client, migrations);
    for (const migration of pending) await apply(client, migration);
    await client.query("SELECT pg_advisory_unlock($1)", [PRISMA_MIGRATE_LOCK]);
    return pending.map(({ name }) => name);
  });
}

function readMigrations(): readonly Migration[] {
  // The same from src and dist, and from any working directory.
  const folder = fileURLToPath(new URL("../../../prisma/migrations", import.meta.url));
  return readdirSync(folder)
    .sort()
    .map((name) => ({ name, file: join(folder, name, "migration.sql") }))
    .filter(({ file }) => existsSync(file))
    .map(({ name, file }) => {
      const sql = readFileSync(file, "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    });
}

async function findPending(client: pg.Client, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
    "SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL",
  );
  const applied = new Map(rows.map((row) => [row.migration_name, row]));
  return migrations.filter(({ name, checksum }) => {
    const row = applied.get(name);
    if (!row) return true;
    if (row.finished_at === null) {
      throw new AppError("INTERNAL", `Migration '${name}' failed before. Repair it with 'npx prisma migrate resolve'.`);
    }
    if (row.checksum !== checksum) {
      throw new AppError("INTERNAL", `Migration '${name}' was changed after it had been applied. Restore its file.`);
    }
    return false;
  });
}

/** Script and row in one transaction: a failed migration leaves nothing behind. */
async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query("BEGIN");
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query("COMMIT");
  } catch (cause) {
    await client.query("ROLLBACK");
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("INTERNAL", `Migration '${name}' failed and was rolled back: ${reason}`, { cause });
  }
}
