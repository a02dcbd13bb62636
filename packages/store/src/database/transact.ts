import { setTimeout as sleep } from "node:timers/promises";
import { Prisma } from "../generated/client.js";
import type { Database, Transaction } from "./connect.js";

/** serialization_failure and deadlock_detected: Postgres asks for the transaction to be run again. */
const RETRYABLE = new Set(["40001", "40P01"]);
const ATTEMPTS = 5;

/**
 * Runs `work` in one short transaction (READ COMMITTED: rows are locked before they are judged), again when Postgres asks
 * for it. Nothing slow belongs inside.
 */
export async function transact<T>(database: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.$transaction(work, { maxWait: 10_000, timeout: 15_000 });
    } catch (error) {
      if (attempt === ATTEMPTS || !RETRYABLE.has(sqlState(error) ?? "")) throw error;
      await sleep(20 * attempt);
    }
  }
}

/** The five-character SQLSTATE of a failed query, if the error carries one. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return undefined;
  if (error.code === "P2034") return "40001"; // Prisma's own name for both, from queries that are not raw
  return causeOf(error)?.originalCode;
}

export interface AdapterCause {
  readonly kind?: string;
  readonly originalCode?: string;
}

/** What the driver adapter said. */
export function causeOf(error: Prisma.PrismaClientKnownRequestError): AdapterCause | undefined {
  const meta = error.meta as { readonly driverAdapterError?: { readonly cause?: AdapterCause } } | undefined;
  return meta?.driverAdapterError?.cause;
}
