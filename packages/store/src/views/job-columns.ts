import type {
  ApiKeyId,
  EvaluatedModel,
  Improvement,
  JobId,
  JobSpec,
  JobState,
  Progress,
  TrialResult,
} from "@espalier/contracts";
import type { Params } from "@espalier/pipeline";
import { Prisma } from "../generated/client.js";

/** A job's row as the views read it. */
export interface JobRow {
  readonly id: JobId;
  readonly name: string | null;
  readonly state: JobState;
  readonly spec: JobSpec;
  readonly labels: Readonly<Record<string, string>>;
  readonly trialBudget: number;
  readonly parallelism: number;
  readonly dense: EvaluatedModel | null;
  readonly baselines: readonly EvaluatedModel[];
  readonly profileSeconds: number | null;
  readonly best: readonly EvaluatedModel[];
  readonly improvement: readonly Improvement[];
  readonly inserted: number;
  readonly completed: number;
  readonly pruned: number;
  readonly failed: number;
  readonly infeasible: number;
  readonly running: number;
  readonly trialsTimed: number;
  readonly trialSeconds: number;
  readonly sharesSaved: number;
  readonly progressStage: Progress["stage"] | null;
  readonly progressDone: number;
  readonly progressOf: number;
  readonly progressUnit: Progress["unit"] | null;
  readonly progressAt: Date | null;
  readonly progressFirstDone: number;
  readonly progressFirstAt: Date | null;
  readonly apiKeyId: ApiKeyId | null;
  readonly eventSequence: number;
  readonly halfBatch: boolean;
  readonly pausedFrom: "profiling" | "searching" | "exporting" | null;
  readonly pausedAt: Date | null;
  readonly pauseCode: string | null;
  readonly pauseDetail: string | null;
  readonly errorCode: string | null;
  readonly errorDetail: string | null;
  readonly errorStage: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly updatedAt: Date;
  /** Best trial per sparsity so far. */
  readonly bestTrials: readonly BestTrial[];
}

export interface BestTrial {
  readonly number: number;
  readonly params: Params;
  readonly result: TrialResult;
}

/** Columns of `jobs AS j` that make a JobRow. */
export const jobColumns = Prisma.sql`
  j.id, j.name, j.state, j.spec, j.labels, j.trial_budget AS "trialBudget", j.parallelism, j.dense, j.baselines,
  j.profile_seconds AS "profileSeconds", j.best, j.improvement,
  j.trials_inserted AS inserted, j.trials_completed AS completed, j.trials_pruned AS pruned, j.trials_failed AS failed,
  j.trials_infeasible AS infeasible, j.trials_timed AS "trialsTimed", j.trial_seconds AS "trialSeconds",
  j.shares_saved AS "sharesSaved",
  (SELECT count(*)::int FROM trials AS t WHERE t.job_id = j.id AND t.state = 'running') AS running,
  j.progress_stage AS "progressStage", j.progress_done AS "progressDone", j.progress_of AS "progressOf",
  j.progress_unit AS "progressUnit", j.progress_at AS "progressAt", j.progress_first_done AS "progressFirstDone",
  j.progress_first_at AS "progressFirstAt",
  j.api_key_id AS "apiKeyId", j.event_sequence AS "eventSequence", j.half_batch AS "halfBatch",
  j.paused_from AS "pausedFrom", j.paused_at AS "pausedAt", j.pause_code AS "pauseCode", j.pause_detail AS "pauseDetail",
  j.error_code AS "errorCode", j.error_detail AS "errorDetail", j.error_stage AS "errorStage",
  j.created_at AS "createdAt", j.started_at AS "startedAt", j.finished_at AS "finishedAt", j.updated_at AS "updatedAt",
  (SELECT COALESCE(jsonb_agg(jsonb_build_object('number', b.trial_number, 'result', b.result, 'params', t.params)
      ORDER BY b.sparsity), '[]')
    FROM best_results AS b JOIN trials AS t ON t.job_id = b.job_id AND t.number = b.trial_number
    WHERE b.job_id = j.id) AS "bestTrials"`;
