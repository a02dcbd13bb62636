import { ANALYSED_TRIALS, type JobId } from "@espalier/contracts";
import type { Params, SearchPlan } from "@espalier/pipeline";
import { ROUNDS_PARAMETER } from "@espalier/search";
import type { Database } from "../database/connect.js";
import { checkJobExists } from "./job-view.js";

export interface AnalysedTrial {
  readonly number: number;
  readonly params: Params;
  readonly score: number;
}

/** What parameters are judged by. */
export interface AnalysedTrials {
  /** Null before the job was profiled. */
  readonly space: SearchPlan["space"] | null;
  /** Newest completed trials that were not refined, by number. */
  readonly trials: readonly AnalysedTrial[];
  /** There are more than were read. */
  readonly truncated: boolean;
}

/** Reads a job's space and its newest trials, at most ANALYSED_TRIALS, so that memory is bounded. */
export async function readAnalysedTrials(database: Database, jobId: JobId): Promise<AnalysedTrials> {
  const [job] = await database.$queryRaw<{ space: SearchPlan["space"] | null }[]>`
    SELECT plan->'space' AS space FROM jobs WHERE id = ${jobId}`;
  if (!job) await checkJobExists(database, jobId);
  const rows = await database.$queryRaw<AnalysedTrial[]>`
    SELECT number, params, score FROM trials
    WHERE job_id = ${jobId} AND state = 'completed' AND params IS NOT NULL AND params->${ROUNDS_PARAMETER}::text IS NULL
    ORDER BY number DESC LIMIT ${ANALYSED_TRIALS + 1}`;
  const trials = rows.slice(0, ANALYSED_TRIALS).reverse();
  return { space: job?.space ?? null, trials, truncated: rows.length > ANALYSED_TRIALS };
}
