import type {
  EvaluatedModel,
  Improvement,
  JobId,
  JobSpec,
  JobState,
  ParameterValue,
  Progress,
  TrialResult,
  TrialState,
} from "@espalier/contracts";
import type { Parameter } from "@espalier/search";

export type Params = Readonly<Record<string, ParameterValue>>;

/** What the profile step settles for all trials: the space, the points to try first, and known results. */
export interface SearchPlan {
  readonly space: readonly Parameter[];
  /** Informed starting points; trial n < starts.length takes starts[n]. The first is the best baseline itself. */
  readonly starts: readonly Params[];
  /** Baselines as points of the space with their scores: told to the sampler, not counted as trials. */
  readonly given: readonly { readonly params: Params; readonly score: number }[];
}

export interface JobRecord {
  readonly id: JobId;
  readonly state: JobState;
  readonly spec: JobSpec;
  readonly plan: SearchPlan | null;
  readonly baselines: readonly EvaluatedModel[];
  readonly dense: EvaluatedModel | null;
  readonly secondsSearching: number;
}

/** A stage (profile, export) held by one worker. Results with another epoch are superseded. */
export interface StageClaim {
  readonly job: JobRecord;
  readonly epoch: number;
  /** Retryable failures of this stage before this claim. */
  readonly failures: number;
}

export interface TrialClaim {
  readonly job: JobRecord;
  readonly number: number;
  readonly epoch: number;
  /** Retryable failures of this trial before this claim. */
  readonly failures: number;
  /** Null until proposed; a trial taken over from a lost worker keeps its proposal. */
  readonly params: Params | null;
}

/** A trial as the sampler sees it. */
export interface TrialPoint {
  readonly number: number;
  readonly state: TrialState;
  readonly params: Params;
  readonly score: number | null;
}

export interface ProfileOutcome {
  readonly plan: SearchPlan;
  readonly dense: EvaluatedModel;
  readonly baselines: readonly EvaluatedModel[];
  readonly profileSeconds: number;
}

export type TrialOutcome =
  | {
      readonly state: "completed";
      readonly score: number;
      readonly results: readonly TrialResult[];
      readonly durationSeconds: number;
    }
  | {
      readonly state: "infeasible";
      readonly reason: string;
      readonly results: readonly TrialResult[];
      readonly durationSeconds: number;
    }
  | { readonly state: "failed"; readonly reason: string };

/** What a settled trial leads to: further trials to deliver, or the end of the search. */
export type SettledTrial =
  | { readonly kind: "superseded" }
  | { readonly kind: "accepted"; readonly next: readonly number[]; readonly searchFinished: boolean };

export interface Winner {
  readonly sparsity: number;
  readonly trialNumber: number;
  readonly params: Params;
}

export interface ArtifactFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

export interface BuildOutcome {
  readonly files: readonly ArtifactFile[];
  readonly dense: EvaluatedModel;
  readonly baselines: readonly EvaluatedModel[];
  readonly best: readonly EvaluatedModel[];
  readonly improvement: readonly Improvement[];
}

export type StageProgress = Pick<Progress, "stage" | "done" | "of" | "unit">;
