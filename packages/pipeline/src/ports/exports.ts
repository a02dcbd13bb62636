import type {
  ErrorCode,
  EvaluatedModel,
  ExportChecks,
  ExportProfile,
  JobId,
  JobState,
  ModelSource,
  TrialState,
} from "@espalier/contracts";
import type { TrialLogEntry } from "./compute.js";
import type { ArtifactFile, JobRecord, Params } from "./records.js";
import type { GiveBack } from "./stores.js";

/** Which model of a search an export holds. */
export interface ExportKey {
  readonly trialNumber: number;
  readonly sparsity: number;
  readonly profile: ExportProfile;
}

/** What the exports of a job may be chosen from. */
export interface ExportChoices {
  readonly state: JobState;
  readonly sparsities: readonly number[];
  readonly layout: "free" | "uniform";
  /** Of the model that was pruned, as the job names it. */
  readonly model: ModelSource;
  /** Profiles of the first export. */
  readonly profiles: readonly ExportProfile[];
  /** Number of the best completed trial by sparsity. */
  readonly best: ReadonlyMap<number, number>;
  /** State of the trial that was asked about; undefined where there is none of that number. */
  readonly trialState: TrialState | undefined;
}

/** What asking for an export led to; undefined: the job is no longer there. `full`: too many of the job wait. */
export type AskedExport = { readonly kind: "pending" | "ready"; readonly name: string } | { readonly kind: "full" };

/** One more export of a search that is over, held by one worker. */
export interface ExportClaim extends ExportKey {
  readonly name: string;
  readonly job: JobRecord;
  readonly epoch: number;
  /** Retryable failures before this claim. */
  readonly failures: number;
  /** Its holder had gone silent. */
  readonly takenOver: boolean;
  readonly params: Params;
  /** What the trial scored at the sparsity in the search. */
  readonly scoringPerplexity: number | null;
}

/** What an export settles. */
export interface ExportOutcome {
  readonly files: readonly ArtifactFile[];
  readonly model: EvaluatedModel;
  readonly checks: ExportChecks;
}

/**
 * Exports that are asked for once a job has succeeded. As for jobs, every change is a compare-and-set under the lock of
 * the job's row, with its events; a deleted job has none. The state of the job never changes.
 */
export interface ExportStore {
  choices(jobId: JobId, trial: number | undefined): Promise<ExportChoices | undefined>;
  /** Inserts a pending export, or finds the one that there is; one that failed becomes pending again. */
  ask(jobId: JobId, name: string, key: ExportKey): Promise<AskedExport | undefined>;
  /** A pending export without a live lease; raises the epoch. */
  claim(jobId: JobId, name: string, owner: string, leaseSeconds: number): Promise<ExportClaim | undefined>;
  /** False when the claim was lost: taken over, or the job deleted. */
  renew(jobId: JobId, name: string, epoch: number, leaseSeconds: number): Promise<boolean>;
  release(jobId: JobId, name: string, epoch: number, reason: GiveBack): Promise<void>;
  /** pending → ready with its files, while the claim holds. */
  settle(jobId: JobId, name: string, epoch: number, outcome: ExportOutcome): Promise<boolean>;
  /** pending → failed, while the claim holds. */
  fail(jobId: JobId, name: string, epoch: number, failure: ExportFailure): Promise<boolean>;
  trialLog(jobId: JobId): Promise<readonly TrialLogEntry[]>;
}

export interface ExportFailure {
  readonly code: ErrorCode;
  readonly detail: string;
}
