import { AppError } from "@espalier/contracts";
import { PrismaPg } from "@prisma/adapter-pg";
import { Prisma, PrismaClient } from "../generated/client.js";

export type Database = PrismaClient;

/** Inside a transaction. */
export type Transaction = Prisma.TransactionClient;

/** A client whose pool connects on first use. */
export function connect(databaseUrl: string, maxConnections: number): Database {
  const adapter = new PrismaPg({
    connectionString: databaseUrl,
    max: maxConnections,
    connectionTimeoutMillis: 10_000,
  });
  return new PrismaClient({ adapter });
}

/** Rejects with AppError SERVICE_UNAVAILABLE when Postgres does not answer. */
export async function ping(database: Database): Promise<void> {
  try {
    await database.$queryRaw`SELECT 1`;
  } catch (cause) {
    throw new AppError("SERVICE_UNAVAILABLE", "Postgres does not answer. Try again in a moment.", { cause });
  }
}

export { Prisma };
