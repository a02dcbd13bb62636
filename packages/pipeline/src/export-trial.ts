import { AppError, type JobId } from "@espalier/contracts";
import { afterFailure } from "./after-failure.js";
import { taskOf } from "./compute-task.js";
import { classify } from "./failure.js";
import { holdLease } from "./hold-lease.js";
import type { Log } from "./log.js";
import type { ComputePort } from "./ports/compute.js";
import type { ExportClaim, ExportOutcome, ExportStore } from "./ports/exports.js";
import { type Tracing, untraced } from "./ports/tracing.js";
import { untilStored } from "./until-stored.js";
import type { WorkerIdentity } from "./worker-identity.js";

export interface ExportTrialDeps {
  readonly exports: ExportStore;
  readonly compute: Pick<ComputePort, "build">;
  readonly worker: WorkerIdentity;
  readonly log: Log;
  readonly tracing?: Tracing | undefined;
}

/**
 * Writes one more model of a search that is over: claim, build, settle, as the job's own export, but the job stays as it
 * is whatever happens. A full disk fails it at once: somebody has to make room and ask again.
 */
export function makeExportTrial(deps: ExportTrialDeps) {
  const { exports, worker, log, tracing = untraced } = deps;

  async function runClaimed(id: JobId, claim: ExportClaim): Promise<void> {
    const { name, epoch, job } = claim;
    const fields = { event: "artifact.claimed", job_id: id, request_id: job.requestId, export: name, epoch };
    log.info(fields, "export claimed");
    const held = await holdLease(
      {
        leaseSeconds: worker.leaseSeconds,
        renew: () => exports.renew(id, name, epoch, worker.leaseSeconds),
        shutdown: worker.shutdown,
      },
      (signal) => build(deps, claim, signal),
    );
    const store = <R>(write: () => Promise<R>): Promise<R> => untilStored(deps, write);
    if (held.kind === "done") return void (await store(() => exports.settle(id, name, epoch, held.value)));
    if (held.kind === "lost") return log.warn({ ...fields, event: "artifact.lost" }, "export lost or job deleted");
    if (held.kind === "stopped") return exports.release(id, name, epoch, "stopped");
    const failure = classify(held.error);
    const { code, detail } = failure;
    log.error({ ...fields, event: "artifact.failed", code, err: held.error }, "export failed");
    const next = afterFailure(claim, failure);
    if (next.kind === "give back") return store(() => exports.release(id, name, epoch, next.reason));
    await store(() => exports.fail(id, name, epoch, { code, detail }));
  }

  return async function exportTrial(id: JobId, name: string): Promise<void> {
    const claim = await exports.claim(id, name, worker.owner, worker.leaseSeconds);
    if (claim === undefined) return;
    const attributes = { "espalier.job_id": id, "espalier.trial": claim.trialNumber, "espalier.epoch": claim.epoch };
    await tracing.span({ name: "export", parent: claim.job.traceParent, attributes }, () => runClaimed(id, claim));
  };
}

async function build(
  { exports, compute }: ExportTrialDeps,
  claim: ExportClaim,
  signal: AbortSignal,
): Promise<ExportOutcome> {
  const { name, epoch, job, trialNumber, sparsity, profile, params, scoringPerplexity } = claim;
  const trials = await exports.trialLog(job.id);
  const task = taskOf(job);
  const spec = { ...task.spec, export: { profiles: [profile] } };
  const winners = [{ sparsity, trialNumber, params }];
  const later = { name, scoringPerplexity };
  const { files, folders, best } = await compute.build(
    { ...task, spec },
    { epoch, winners, trials, baselines: job.baselines, later },
    { signal },
  );
  const [[model], [folder]] = [best, folders];
  if (model === undefined || folder === undefined)
    throw new AppError("INTERNAL", `The export '${name}' came back without its measurement.`);
  return { files, model, checks: folder.checks };
}
