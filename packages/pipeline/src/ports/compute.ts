import type { EvaluatedModel, JobId, JobSpec } from "@espalier/contracts";
import type {
  BuildOutcome,
  Candidate,
  Params,
  ProfileOutcome,
  StageProgress,
  TrialOutcome,
  Winner,
} from "./records.js";

export interface ComputeContext {
  /** Aborting ends the work: between micro-batches, else by ending the process that does it. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: StageProgress) => void;
}

export interface ComputeTask {
  readonly jobId: JobId;
  readonly spec: JobSpec;
  /** Half as many windows a run as the memory would allow: the job ran out of it before. */
  readonly halfBatch?: boolean;
}

/** One finished or failed trial as the artefact's `search.json` lists it. */
export interface TrialLogEntry {
  readonly number: number;
  readonly state: string;
  readonly params: Params | null;
  readonly score: number | null;
}

/** What an artefact is made from, beside the task itself. */
export interface BuildRequest {
  /** Of the lease that the export is built under: an overtaken attempt must not disturb a later one. */
  readonly epoch: number;
  readonly winners: readonly Winner[];
  readonly trials: readonly TrialLogEntry[];
  /** As the profile settled them; the comparison measures them on the report text. */
  readonly baselines: readonly EvaluatedModel[];
  /** Set for one more model of a search that is over: its folder, and what it scored then, which it must score now. */
  readonly later?: { readonly name: string; readonly scoringPerplexity: number | null };
}

/** The arithmetic, done elsewhere: statistics, scores and files. Rejects with AppError; `retryable` tells whether again may help. */
export interface ComputePort {
  /** Statistics, dense model and baselines. */
  profile(task: ComputeTask, context: ComputeContext): Promise<ProfileOutcome>;
  /** One candidate: a pure function of the task, the statistics and the candidate with its rival. */
  score(
    task: ComputeTask,
    candidate: Candidate,
    context: ComputeContext,
  ): Promise<Exclude<TrialOutcome, { state: "failed" }>>;
  /** Slices, verifies and writes the winners; the folder becomes visible in one rename. */
  build(task: ComputeTask, request: BuildRequest, context: ComputeContext): Promise<BuildOutcome>;
}
