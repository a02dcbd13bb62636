import { AppError } from "@espalier/contracts";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { type Prisma, PrismaClient } from "../generated/client.js";

export type Database = PrismaClient;

/** Inside a transaction. */
export type Transaction = Prisma.TransactionClient;

/** A client whose pool connects on first use. */
export function connect(databaseUrl: string, maxConnections: number): Database {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: maxConnections,
    connectionTimeoutMillis: 10_000,
    // Prisma's adapter reads instants as UTC whatever offset the server writes; a server may have another zone set.
    onConnect: (client) => client.query("SET TIME ZONE 'UTC'"), // the pool waits for it
  });
  // An idle connection that is lost is replaced at its next use; whoever was using one gets the error itself.
  pool.on("error", () => undefined);
  return new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: true }) });
}

/** Rejects with AppError SERVICE_UNAVAILABLE when Postgres does not answer. */
export async function ping(database: Database): Promise<void> {
  try {
    await database.$queryRaw`SELECT 1`;
  } catch (cause) {
    throw new AppError("SERVICE_UNAVAILABLE", "Postgres does not answer. Try again in a moment.", { cause });
  }
}
