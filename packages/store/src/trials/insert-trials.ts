import type { JobId } from "@espalier/contracts";
import type { Transaction } from "../database/connect.js";

/** Inserts waiting trials `from` … `from + count - 1` of a job whose row this transaction holds; returns their numbers. */
export async function insertTrials(
  tx: Transaction,
  jobId: JobId,
  from: number,
  count: number,
): Promise<readonly number[]> {
  if (count <= 0) return [];
  const numbers = Array.from({ length: count }, (_, index) => from + index);
  await tx.$executeRaw`
    INSERT INTO trials (job_id, number) SELECT ${jobId}, number FROM generate_series(${from}::int, ${from + count - 1}::int) AS number`;
  await tx.$executeRaw`UPDATE jobs SET trials_inserted = ${from + count} WHERE id = ${jobId}`;
  return numbers;
}
