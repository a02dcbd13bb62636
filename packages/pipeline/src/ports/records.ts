import type {
  CalibrationRecord,
  EvaluatedModel,
  ExportChecks,
  ExportProfile,
  Improvement,
  JobId,
  JobSpec,
  JobState,
  ModelDifference,
  ParameterValue,
  Progress,
  TextSamples,
  TrialResult,
  TrialState,
} from "@espalier/contracts";
import type { Origin, Parameter } from "@espalier/search";

export type Params = Readonly<Record<string, ParameterValue>>;

/** What the profile step settles for all trials: the space, the points to try first, and known results. */
export interface SearchPlan {
  readonly space: readonly Parameter[];
  /**
   * Informed starting points; trial n < starts.length takes starts[n]. The first is the best baseline itself. Those with
   * rounds of exchange replay what another job found.
   */
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
  /** It ran out of memory once: half as many windows run at a time. */
  readonly halfBatch: boolean;
  /** The request that submitted it, and its span (W3C `traceparent`): logs and traces of all workers name them. */
  readonly requestId: string | null;
  readonly traceParent: string | null;
}

/** A stage (profile, export) held by one worker. Results with another epoch are superseded. */
export interface StageClaim {
  readonly job: JobRecord;
  readonly epoch: number;
  /** Retryable failures of this stage before this claim. */
  readonly failures: number;
  /** Its holder had gone silent. */
  readonly takenOver: boolean;
}

/** A trial by its key. */
export interface TrialRef {
  readonly jobId: JobId;
  readonly number: number;
}

export interface TrialClaim {
  readonly job: JobRecord;
  readonly number: number;
  readonly epoch: number;
  /** Retryable failures of this trial before this claim. */
  readonly failures: number;
  /** Its holder had gone silent. */
  readonly takenOver: boolean;
  /** Null until proposed; a trial taken over from a lost worker keeps its proposal. */
  readonly params: Params | null;
  /** Parameters of the trial that the stored proposal races against. */
  readonly rivalParams: Params | null;
}

/** What a trial is to try. */
export interface Proposal {
  readonly params: Params;
  readonly origin: Origin;
  /** The completed trial to race against: stored, so that whoever scores the proposal decides alike. */
  readonly rival: number | null;
}

/** What is scored. */
export interface Candidate {
  readonly params: Params;
  /** Parameters of the trial to race against; null: no race. */
  readonly rivalParams: Params | null;
}

/** A trial as the sampler sees it. */
export interface TrialPoint {
  readonly number: number;
  readonly state: TrialState;
  readonly params: Params;
  readonly score: number | null;
  /** Of a pruned trial: its score, estimated from the windows that it saw. */
  readonly partialScore: number | null;
}

export interface ProfileOutcome {
  readonly plan: SearchPlan;
  /** Neutral values of all known parameters, for what a point of another job does not say. */
  readonly neutral: Params;
  readonly dense: EvaluatedModel;
  readonly baselines: readonly EvaluatedModel[];
  readonly profileSeconds: number;
  /** Content address of the statistics, which other jobs may share. */
  readonly statisticsKey: string;
  /** Null: nothing of the samples is kept, and no map can be shown. */
  readonly calibration: CalibrationRecord | null;
}

/** A job that another one starts from. */
export interface EarlierSearch {
  readonly state: JobState;
  readonly spec: JobSpec;
  readonly dense: EvaluatedModel | null;
  /** Completed trials that were not refined, best first: what a refined one scored says nothing about its point. */
  readonly results: readonly { readonly params: Params; readonly score: number }[];
  /** The best completed trial that was refined. */
  readonly refined: { readonly params: Params; readonly score: number } | null;
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
  | {
      /** Stopped as hopeless against its rival. */
      readonly state: "pruned";
      readonly partialScore: number;
      readonly windowsSeen: number;
      /** Share of the scoring tokens that were read, in (0, 1). */
      readonly scoredShare: number;
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

/** One model of an artefact: a folder, of which its files' names begin. */
export interface ArtifactFolder {
  readonly name: string;
  readonly trialNumber: number;
  readonly sparsity: number;
  readonly profile: ExportProfile;
  /** How its files were read back. */
  readonly checks: ExportChecks;
}

export interface BuildOutcome {
  readonly files: readonly ArtifactFile[];
  readonly folders: readonly ArtifactFolder[];
  readonly dense: EvaluatedModel;
  readonly baselines: readonly EvaluatedModel[];
  readonly best: readonly EvaluatedModel[];
  readonly improvement: readonly Improvement[];
  /** Every winner against every other model of its sparsity. */
  readonly differences: readonly ModelDifference[];
  readonly textSamples: TextSamples;
}

export interface StageProgress extends Pick<Progress, "stage" | "done" | "of" | "unit"> {
  /** Mean loss per token that a training has reached on the scoring text, in nats; events tell it. */
  readonly loss?: number;
}
