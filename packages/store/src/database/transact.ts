import { setTimeout as sleep } from "node:timers/promises";
import type { Database, Transaction } from "./connect.js";
import { isOutage } from "./outage.js";
import { sqlState } from "./sql-state.js";

/** serialization_failure and deadlock_detected: Postgres asks for the transaction to be run again. */
const RETRYABLE = new Set(["40001", "40P01"]);
const ATTEMPTS = 5;

/**
 * Runs `work` in one short transaction (READ COMMITTED: rows are locked before they are judged), again when Postgres asks
 * for it, or when the connection turned out to be lost before anything was done. Nothing slow belongs inside.
 */
export async function transact<T>(database: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    let hasBegun = false;
    const begin = (tx: Transaction): Promise<T> => {
      hasBegun = true;
      return work(tx);
    };
    try {
      return await database.$transaction(begin, { maxWait: 10_000, timeout: 15_000 });
    } catch (error) {
      const mayRunAgain = RETRYABLE.has(sqlState(error) ?? "") || (!hasBegun && isOutage(error));
      if (attempt === ATTEMPTS || !mayRunAgain) throw error;
      await sleep(20 * attempt);
    }
  }
}
