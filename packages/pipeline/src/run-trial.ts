import type { QueuePayload } from "@espalier/contracts";
import { afterFailure } from "./after-failure.js";
import { claimInTurn } from "./claim-in-turn.js";
import { taskOf } from "./compute-task.js";
import { classify } from "./failure.js";
import { holdLease } from "./hold-lease.js";
import type { Log } from "./log.js";
import type { ComputePort } from "./ports/compute.js";
import type { TrialClaim, TrialOutcome } from "./ports/records.js";
import type { QueuePort, TrialStore } from "./ports/stores.js";
import { type Tracing, untraced } from "./ports/tracing.js";
import { proposeTrial } from "./propose-trial.js";
import { untilStored } from "./until-stored.js";
import type { WorkerIdentity } from "./worker-identity.js";

export interface RunTrialDeps {
  readonly trials: TrialStore;
  readonly compute: Pick<ComputePort, "score">;
  readonly queue: QueuePort;
  readonly worker: WorkerIdentity;
  readonly log: Log;
  readonly tracing?: Tracing | undefined;
}

/**
 * Claim, propose, score, settle: one trial, the named one unless another owner's turn has come; exactly once accepted
 * however often messages are delivered.
 */
export function makeRunTrial(deps: RunTrialDeps) {
  const { trials, compute, worker, log, tracing = untraced } = deps;

  async function runClaimed(claim: TrialClaim): Promise<void> {
    const { number, epoch, job } = claim;
    const job_id = job.id;
    const fields = { job_id, request_id: job.requestId, trial: number, epoch };
    const held = await holdLease(
      {
        leaseSeconds: worker.leaseSeconds,
        renew: () => trials.renew(job_id, number, epoch, worker.leaseSeconds),
        shutdown: worker.shutdown,
      },
      async (signal): Promise<TrialOutcome | undefined> => {
        const candidate = await proposeTrial(trials, claim);
        return candidate && compute.score(taskOf(job), candidate, { signal });
      },
    );
    if (held.kind === "lost") return log.warn({ event: "trial.lost", ...fields }, "trial lost to another worker");
    if (held.kind === "stopped") return trials.release(job_id, number, epoch, "stopped");
    if (held.kind === "done") return held.value && settle(deps, claim, held.value);
    const failure = classify(held.error);
    log.error({ event: "trial.failed", ...fields, code: failure.code, err: held.error }, "trial failed");
    const { code, detail } = failure;
    const next = afterFailure(claim, failure);
    const store = <R>(write: () => Promise<R>): Promise<R> => untilStored(deps, write);
    if (next.kind === "pause") return void (await store(() => trials.pause(job_id, number, epoch, { code, detail })));
    if (next.kind === "give back") return store(() => trials.release(job_id, number, epoch, next.reason));
    return settle(deps, claim, { state: "failed", reason: detail });
  }

  return async function runTrial({ job_id, number }: QueuePayload<"trial">): Promise<void> {
    const claim = await claimInTurn(
      () => trials.inTurn({ jobId: job_id, number }),
      (next) => trials.claim(next.jobId, next.number, worker.owner, worker.leaseSeconds),
    );
    if (claim === undefined) return;
    const { job, epoch } = claim;
    const attributes = { "espalier.job_id": job.id, "espalier.trial": claim.number, "espalier.epoch": epoch };
    await tracing.span({ name: "trial", parent: claim.job.traceParent, attributes }, () => runClaimed(claim));
  };
}

/** Stores the outcome, then delivers what it leads to; a lost message is delivered again by reconciliation. */
async function settle(deps: RunTrialDeps, claim: TrialClaim, outcome: TrialOutcome): Promise<void> {
  const { trials, queue, log } = deps;
  const { job, number, epoch } = claim;
  const settled = await untilStored(deps, () => trials.settle(job.id, number, epoch, outcome));
  const about = { job_id: job.id, request_id: job.requestId, trial: number, epoch };
  const fields = { event: "trial.settled", ...about, state: outcome.state };
  if (settled.kind === "superseded") {
    return log.warn({ ...fields, event: "trial.superseded" }, "result superseded: another worker has this trial");
  }
  log.info({ ...fields, ...(outcome.state === "completed" ? { score: outcome.score } : {}) }, "trial settled");
  for (const next of settled.next) await queue.enqueue("trial", { job_id: job.id, number: next });
  if (settled.searchFinished) await queue.enqueue("export", { job_id: job.id });
}
