import type { JobId } from "@espalier/contracts";
import { ROUNDS_PARAMETER } from "@espalier/search";
import type { Database } from "../database/connect.js";
import { checkJobExists } from "./job-view.js";

/** What differs between the trials of two jobs: their columns in a table. */
export interface TrialColumns {
  /** In the order of the search space (`parameterNames`). Empty before the job was profiled. */
  readonly parameters: readonly string[];
  /** Asked sparsities, ascending: a trial has one result for each. */
  readonly sparsities: readonly number[];
}

interface Named {
  readonly name: string;
}

/** Parameters that a trial may have, of a space: its own, last the one that refined trials have. */
export const parameterNames = (space: readonly Named[]): readonly string[] => [
  ...space.map(({ name }) => name),
  ROUNDS_PARAMETER,
];

/** Rejects with AppError JOB_NOT_FOUND. */
export async function readTrialColumns(database: Database, jobId: JobId): Promise<TrialColumns> {
  const [job] = await database.$queryRaw<{ space: readonly Named[] | null; sparsities: number[] }[]>`
    SELECT plan->'space' AS space, spec->'target'->'sparsity' AS sparsities FROM jobs WHERE id = ${jobId} AND deleted_at IS NULL`;
  if (!job) await checkJobExists(database, jobId);
  return { parameters: job?.space ? parameterNames(job.space) : [], sparsities: job?.sparsities ?? [] };
}
