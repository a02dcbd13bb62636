import type { ErrorCode, EvaluatedModel, FieldProblem, JobSpec } from "@espalier/contracts";
import type {
  BuildOutcome,
  BuildRequest,
  Candidate,
  FinishedPiece,
  MeasuredRate,
  ProfileOutcome,
  StageProgress,
  TrialLogEntry,
  TrialOutcome,
  Winner,
} from "@espalier/pipeline";

/** What a child needs to know once; sent as its first message. */
export interface ComputeSettings {
  readonly modelRoots: readonly string[];
  readonly corpusRoots: readonly string[];
  /** Folder of models that were downloaded from a hub; the worker sees to it that those of a task are there. */
  readonly hubDir: string;
  /** Statistics of all jobs, by content. */
  readonly statisticsDir: string;
  readonly provider: "cpu" | "webgpu" | "cuda";
  /** In what precision trials read matrices. */
  readonly weightPrecision: "full" | "half";
  /** How statistics are computed. */
  readonly profileMode: "auto" | "whole" | "streamed";
  readonly threads: number;
  /** A Python with torch and transformers, to load plain Llama folders in; undefined: there is none. */
  readonly python?: string;
  /** Bound on the memory of the numbers held, in bytes; undefined: the default of the search context. */
  readonly memoryBytes?: number;
}

/** Key of the job whose context a child keeps open. */
export interface JobTask {
  readonly jobId: string;
  readonly spec: JobSpec;
  /** Half as many windows a run as the memory would allow. */
  readonly halfBatch: boolean;
}

/** A piece of arithmetic. All tasks are pure: running one again gives the same result. */
export type ComputeTask =
  /** How fast this machine computes. */
  | { readonly kind: "calibrate" }
  | { readonly kind: "profile"; readonly job: JobTask }
  | { readonly kind: "score"; readonly job: JobTask; readonly candidate: Candidate }
  | {
      readonly kind: "build";
      readonly job: JobTask;
      readonly epoch: number;
      readonly winners: readonly Winner[];
      readonly baselines: readonly EvaluatedModel[];
      readonly trials: readonly TrialLogEntry[];
      /** Set for one more model of a search that is over. */
      readonly later?: BuildRequest["later"];
      /** Absolute folder to make. */
      readonly target: string;
    };

/** A task of a job. */
export type JobComputeTask = Exclude<ComputeTask, { kind: "calibrate" }>;

/** What each kind of task gives. */
export interface ComputeResults {
  readonly calibrate: readonly MeasuredRate[];
  readonly profile: ProfileOutcome;
  readonly score: Exclude<TrialOutcome, { state: "failed" }>;
  readonly build: BuildOutcome;
}

export type ToChild =
  | { readonly kind: "configure"; readonly settings: ComputeSettings }
  | { readonly kind: "run"; readonly id: number; readonly task: ComputeTask }
  /** Ends the task between micro-batches. */
  | { readonly kind: "cancel"; readonly id: number }
  /** Statistics that the task asked for are here if anybody keeps them. */
  | { readonly kind: "fetched"; readonly id: number };

/** An error as it crosses the process border; the stack stays in the child's log. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly errors: readonly FieldProblem[];
}

export type FromChild =
  /** How long a part of the task took. */
  | { readonly kind: "measured"; readonly id: number; readonly piece: FinishedPiece }
  | { readonly kind: "progress"; readonly id: number; readonly progress: StageProgress }
  /** The task's statistics are not on this machine; it waits for `fetched`. */
  | { readonly kind: "fetch"; readonly id: number; readonly key: string }
  | {
      readonly kind: "done";
      readonly id: number;
      readonly result: ComputeResults[keyof ComputeResults];
      /** Memory held by the child now. */
      readonly rssBytes: number;
    }
  | { readonly kind: "failed"; readonly id: number; readonly error: WireError; readonly rssBytes: number };
