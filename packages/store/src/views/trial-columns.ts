import type { JobId } from "@espalier/contracts";
import { ROUNDS_PARAMETER } from "@espalier/search";
import type { Database } from "../database/connect.js";
import { checkJobExists } from "./job-view.js";

/** What differs between the trials of two jobs: their columns in a table. */
export interface TrialColumns {
  /** In the order of the search space, last the one that refined trials have. Empty before the job was profiled. */
  readonly parameters: readonly string[];
  /** Asked sparsities, ascending: a trial has one result for each. */
  readonly sparsities: readonly number[];
}

/** Rejects with AppError JOB_NOT_FOUND. */
export async function readTrialColumns(database: Database, jobId: JobId): Promise<TrialColumns> {
  const [job] = await database.$queryRaw<{ space: readonly { name: string }[] | null; sparsities: number[] }[]>`
    SELECT plan->'space' AS space, spec->'target'->'sparsity' AS sparsities FROM jobs WHERE id = ${jobId} AND deleted_at IS NULL`;
  if (!job) await checkJobExists(database, jobId);
  const names = job?.space?.map(({ name }) => name);
  return { parameters: names ? [...names, ROUNDS_PARAMETER] : [], sparsities: job?.sparsities ?? [] };
}
