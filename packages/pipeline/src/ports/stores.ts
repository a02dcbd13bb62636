import type {
  ApiKeyId,
  ErrorCode,
  JobId,
  JobSpec,
  MessageId,
  QueueName,
  QueuePayload,
  WebhookEventType,
} from "@espalier/contracts";
import type { TrialLogEntry } from "./compute.js";
import type { JobControl, PauseReason } from "./job-control.js";
import type {
  BuildOutcome,
  EarlierSearch,
  JobRecord,
  ProfileOutcome,
  Proposal,
  SettledTrial,
  StageClaim,
  StageProgress,
  TrialClaim,
  TrialOutcome,
  TrialPoint,
  TrialRef,
  Winner,
} from "./records.js";

export interface JobWebhook {
  readonly url: string;
  readonly events: readonly WebhookEventType[];
  /** `whsec_…`; stored encrypted. */
  readonly secret: string;
}

export interface NewJob {
  readonly id: JobId;
  readonly name: string | null;
  readonly spec: JobSpec;
  readonly labels: Readonly<Record<string, string>>;
  readonly webhooks: readonly JobWebhook[];
  /** The key that submits it; undefined without keys, or with the one from the environment. */
  readonly apiKeyId?: ApiKeyId | undefined;
  readonly requestId?: string | undefined;
  /** Span of the submit, W3C `traceparent`. */
  readonly traceParent?: string | null | undefined;
}

/** A client's `Idempotency-Key` with a hash of the body it came with. */
export interface IdempotencyClaim {
  readonly key: string;
  readonly bodyHash: string;
}

export interface Failure {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly stage: string;
}

export type Stage = "profile" | "export";

/**
 * Why work is given back: this process stops or lost the database, or the work failed and may be tried again. Only failures
 * are counted. After `out_of_memory` the job goes on with half as many windows a run.
 */
export type GiveBack = "stopped" | "failed" | "out_of_memory";

/**
 * Job rows. Every change is a compare-and-set in one transaction that also appends the job's events
 * and, for events that webhooks ask for, the deliveries of the outbox. `false`/`undefined` means that the
 * comparison failed: somebody else moved the row, and the caller drops its work. Leases use the database's clock.
 */
export interface JobStore extends JobControl {
  /** Inserts the job `queued`; with a key seen before and the same body, returns the first job and inserts nothing. */
  create(job: NewJob, idempotency?: IdempotencyClaim): Promise<{ readonly id: JobId; readonly replayed: boolean }>;
  /** The job that a key seen before made for this caller. Rejects with IDEMPOTENCY_KEY_REUSED when it came with another body. */
  submittedWith(idempotency: IdempotencyClaim, apiKeyId: ApiKeyId | undefined): Promise<JobId | undefined>;
  get(id: JobId): Promise<JobRecord | undefined>;
  /**
   * A stage to claim now: of the owner (API key) that was served longest ago, the wished job if it is theirs and due, else
   * their oldest. Undefined when none is due. Reads only: a claim ends the owner's turn.
   */
  stageInTurn(stage: Stage, wished: JobId): Promise<JobId | undefined>;
  /** `profile`: queued, or profiling with an expired lease → profiling. `export`: exporting without a live lease. Raises the epoch. */
  claimStage(id: JobId, stage: Stage, owner: string, leaseSeconds: number): Promise<StageClaim | undefined>;
  /** False when the claim was lost: cancelled, expired and taken over. */
  renewStage(id: JobId, epoch: number, leaseSeconds: number): Promise<boolean>;
  /** Gives a stage back at once: the lease ends. */
  releaseStage(id: JobId, epoch: number, reason: GiveBack): Promise<void>;
  reportProgress(id: JobId, epoch: number, progress: StageProgress): Promise<void>;
  /** profiling → searching, inserting the first `parallelism` waiting trials (never more than the budget); returns their numbers. */
  settleProfile(id: JobId, epoch: number, outcome: ProfileOutcome): Promise<readonly number[] | undefined>;
  /** exporting → succeeded with artefacts and comparison. */
  settleExport(id: JobId, epoch: number, outcome: BuildOutcome): Promise<boolean>;
  /** Any non-terminal state → failed; with an epoch only while that stage claim holds. */
  fail(id: JobId, failure: Failure, epoch?: number): Promise<boolean>;
  /** Any non-terminal state → cancelled; open trials become cancelled. False when it was terminal already. */
  cancel(id: JobId): Promise<boolean>;
  /** Lowest scoring perplexity per sparsity among completed trials; ties go to the lower number. */
  winners(id: JobId): Promise<readonly Winner[]>;
  trialLog(id: JobId): Promise<readonly TrialLogEntry[]>;
  /** What another job can start from, at most `limit` results; undefined for an unknown job. */
  earlierSearch(id: JobId, limit: number): Promise<EarlierSearch | undefined>;
}

export interface TrialStore {
  /** A trial to claim now: as `stageInTurn`. */
  inTurn(wished: TrialRef): Promise<TrialRef | undefined>;
  /** waiting, or running with an expired lease → running with a higher epoch, while the job is searching. */
  claim(jobId: JobId, number: number, owner: string, leaseSeconds: number): Promise<TrialClaim | undefined>;
  renew(jobId: JobId, number: number, epoch: number, leaseSeconds: number): Promise<boolean>;
  /** Gives a trial back at once; it waits again and keeps its proposal. */
  release(jobId: JobId, number: number, epoch: number, reason: GiveBack): Promise<void>;
  /** Gives a trial back, uncounted, and pauses its job with a reason; false when the claim was lost. */
  pause(jobId: JobId, number: number, epoch: number, reason: PauseReason): Promise<boolean>;
  /** Stores the proposal while the claim holds and none was stored. */
  propose(jobId: JobId, number: number, epoch: number, proposal: Proposal): Promise<boolean>;
  /** Settled and running trials that have parameters, by number. */
  history(jobId: JobId): Promise<readonly TrialPoint[]>;
  /**
   * Accepts the result of the current epoch, else records it as superseded; the accepted one told again changes nothing.
   * Inserts the next waiting trial while the budget (trials, seconds) lasts; when the last open trial settles:
   * searching → exporting (or failed when none completed).
   */
  settle(jobId: JobId, number: number, epoch: number, outcome: TrialOutcome): Promise<SettledTrial>;
}

export interface DueDelivery {
  readonly id: MessageId;
  readonly url: string;
  /** The current one first; after a rotation the previous one signs too, for a while. Empty: none of them can be opened. */
  readonly secrets: readonly string[];
  readonly body: string;
  /** 1 for the first attempt since the message was written or sent again. */
  readonly attempt: number;
  /** From when this attempt was due until it was claimed. */
  readonly delaySeconds: number;
  /** Span of its job's submit, W3C `traceparent`. */
  readonly traceParent: string | null;
}

export interface DeliveryAttempt {
  readonly status: number | null;
  readonly error: string | null;
  readonly durationSeconds: number;
}

/** Receivers that took long to answer, or never did, are served apart from the others. */
export type ReceiverPace = "quick" | "slow";

export interface DueDeliveries {
  readonly pace: ReceiverPace;
  readonly limit: number;
}

export interface DeliveryStore {
  /** What may be tried now, of each receiver's host no more than it may have in flight; the longest due first. */
  due(wanted: DueDeliveries): Promise<readonly MessageId[]>;
  /** Claims a due, pending delivery for one attempt; undefined also while its host has its share of attempts in flight. */
  claim(id: MessageId, leaseSeconds: number): Promise<DueDelivery | undefined>;
  /** `next`: seconds until the next attempt, null when there is none (delivered, or exhausted). */
  settle(
    id: MessageId,
    attempt: DeliveryAttempt,
    next: { readonly delivered: boolean; readonly retryInSeconds: number | null; readonly disableEndpoint?: boolean },
  ): Promise<void>;
}

/** Work of jobs that should be on a queue now, by the rows. */
export interface DueWork {
  readonly profile: readonly DueStage[];
  readonly export: readonly DueStage[];
  /** Exports that were asked for after the search. */
  readonly laterExports: readonly (DueStage & { readonly name: string })[];
  readonly trials: readonly (TrialRef & Claimed)[];
}

/** How often work was claimed before: it becomes part of its message's id. */
interface Claimed {
  readonly epoch: number;
}

interface DueStage extends Claimed {
  readonly jobId: JobId;
}

export interface Reconciliation {
  /** Lists what has no live lease, at most `limit` of each kind. Reads only: an expired lease ends when somebody claims. */
  dueWork(limit: number): Promise<DueWork>;
}

/** Delivery only: enqueueing the same message again while it waits is harmless. */
export interface QueuePort {
  enqueue<N extends QueueName>(name: N, payload: QueuePayload<N>): Promise<void>;
}
