import type { JobId } from "@espalier/contracts";
import { afterFailure } from "./after-failure.js";
import { claimInTurn } from "./claim-in-turn.js";
import { classify } from "./failure.js";
import { holdLease } from "./hold-lease.js";
import type { Log } from "./log.js";
import type { ComputeContext } from "./ports/compute.js";
import type { StageClaim } from "./ports/records.js";
import type { JobStore, Stage } from "./ports/stores.js";
import { type Tracing, untraced } from "./ports/tracing.js";
import { untilStored } from "./until-stored.js";
import type { WorkerIdentity } from "./worker-identity.js";

export interface StageDeps {
  readonly jobs: Pick<
    JobStore,
    "stageInTurn" | "claimStage" | "renewStage" | "releaseStage" | "reportProgress" | "pauseStage" | "fail"
  >;
  readonly worker: WorkerIdentity;
  readonly log: Log;
  readonly tracing?: Tracing | undefined;
}

type Work<T> = (claim: StageClaim, context: ComputeContext) => Promise<T>;
type Settle<T> = (claim: StageClaim, value: T) => Promise<void>;

/**
 * Claims a stage, of the named job unless another owner's turn has come, works under its lease, and settles. Finding none
 * is success: somebody else has it. A retryable failure gives the stage back (reconciliation delivers it again), until it
 * failed too often.
 */
export async function runStage<T>(
  deps: StageDeps,
  wished: JobId,
  stage: Stage,
  work: Work<T>,
  settle: Settle<T>,
): Promise<void> {
  const { jobs, worker, tracing = untraced } = deps;
  const claim = await claimInTurn(
    () => jobs.stageInTurn(stage, wished),
    (id) => jobs.claimStage(id, stage, worker.owner, worker.leaseSeconds),
  );
  if (claim === undefined) return;
  const { epoch, job } = claim;
  await tracing.span(
    { name: stage, parent: job.traceParent, attributes: { "espalier.job_id": job.id, "espalier.epoch": epoch } },
    () => runClaimed(deps, stage, claim, work, settle),
  );
}

async function runClaimed<T>(
  deps: StageDeps,
  stage: Stage,
  claim: StageClaim,
  work: Work<T>,
  settle: Settle<T>,
): Promise<void> {
  const { jobs, worker, log } = deps;
  const { epoch, job } = claim;
  const { id } = job;
  const fields = { event: `${stage}.claimed`, job_id: id, request_id: job.requestId, epoch };
  log.info(fields, "stage claimed");
  const held = await holdLease(
    {
      leaseSeconds: worker.leaseSeconds,
      renew: () => jobs.renewStage(id, epoch, worker.leaseSeconds),
      shutdown: worker.shutdown,
    },
    (signal) =>
      work(claim, {
        signal,
        onProgress: (progress) => void jobs.reportProgress(id, epoch, progress).catch(() => undefined),
      }),
  );
  const store = <R>(write: () => Promise<R>): Promise<R> => untilStored(deps, write);
  if (held.kind === "done") return store(() => settle(claim, held.value));
  if (held.kind === "lost") return log.warn({ ...fields, event: `${stage}.lost` }, "stage lost to another worker");
  if (held.kind === "stopped") return jobs.releaseStage(id, epoch, "stopped");
  const failure = classify(held.error);
  log.error({ ...fields, event: `${stage}.failed`, code: failure.code, err: held.error }, "stage failed");
  const { code, detail } = failure;
  const next = afterFailure(claim, failure);
  if (next.kind === "pause") return void (await store(() => jobs.pauseStage(id, epoch, { code, detail })));
  if (next.kind === "give back") return store(() => jobs.releaseStage(id, epoch, next.reason));
  await store(() => jobs.fail(id, { code, detail, stage }, epoch));
}
