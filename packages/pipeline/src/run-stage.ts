import type { JobId } from "@espalier/contracts";
import { MAX_FAILURES } from "./defaults.js";
import { classify } from "./failure.js";
import { holdLease } from "./hold-lease.js";
import type { Log } from "./log.js";
import type { ComputeContext } from "./ports/compute.js";
import type { JobRecord, StageClaim } from "./ports/records.js";
import type { JobStore, Stage } from "./ports/stores.js";
import { type Tracing, untraced } from "./ports/tracing.js";
import type { WorkerIdentity } from "./worker-identity.js";

export interface StageDeps {
  readonly jobs: Pick<
    JobStore,
    "claimStage" | "renewStage" | "releaseStage" | "reportProgress" | "pauseExport" | "fail"
  >;
  readonly worker: WorkerIdentity;
  readonly log: Log;
  readonly tracing?: Tracing | undefined;
}

type Work<T> = (job: JobRecord, context: ComputeContext) => Promise<T>;
type Settle<T> = (epoch: number, value: T) => Promise<void>;

/**
 * Claims a stage of a job, works under its lease, and settles. Losing the claim is success: somebody else has it.
 * A retryable failure gives the stage back (reconciliation delivers it again), until it failed too often.
 */
export async function runStage<T>(
  deps: StageDeps,
  id: JobId,
  stage: Stage,
  work: Work<T>,
  settle: Settle<T>,
): Promise<void> {
  const { jobs, worker, tracing = untraced } = deps;
  const claim = await jobs.claimStage(id, stage, worker.owner, worker.leaseSeconds);
  if (claim === undefined) return;
  const { epoch, job } = claim;
  await tracing.span(
    { name: stage, parent: job.traceParent, attributes: { "espalier.job_id": id, "espalier.epoch": epoch } },
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
      work(job, {
        signal,
        onProgress: (progress) => void jobs.reportProgress(id, epoch, progress).catch(() => undefined),
      }),
  );
  if (held.kind === "done") return settle(epoch, held.value);
  if (held.kind === "lost") return log.warn({ ...fields, event: `${stage}.lost` }, "stage lost to another worker");
  if (held.kind === "stopped") return jobs.releaseStage(id, epoch, "stopped");
  const failure = classify(held.error);
  log.error({ ...fields, event: `${stage}.failed`, code: failure.code, err: held.error }, "stage failed");
  if (stage === "export" && failure.code === "STORAGE_FULL") {
    // Trying again would fill the disk again: the job waits for somebody to make room.
    return void (await jobs.pauseExport(id, epoch, { code: failure.code, detail: failure.detail }));
  }
  if (failure.retryable && claim.failures + 1 < MAX_FAILURES) return jobs.releaseStage(id, epoch, "failed");
  await jobs.fail(id, { code: failure.code, detail: failure.detail, stage }, epoch);
}
