import type { ComputePort, DeliveryStore, ExportStore, JobStore, TrialStore } from "@espalier/pipeline";
import type { WorkerMetrics } from "@espalier/telemetry";

/** The ports of a worker, counted: the steps of the pipeline know nothing of metrics. */

/** Counts settled trials, superseded results and takeovers. */
export function measuredTrials(trials: TrialStore, metrics: WorkerMetrics): TrialStore {
  return {
    ...trials,
    async claim(...args) {
      const claim = await trials.claim(...args);
      if (claim?.takenOver) metrics.leaseTakenOver("trial");
      return claim;
    },
    async settle(jobId, number, epoch, outcome) {
      const settled = await trials.settle(jobId, number, epoch, outcome);
      if (settled.kind === "accepted") metrics.trialSettled(outcome.state);
      else metrics.resultSuperseded();
      return settled;
    },
  };
}

/** Counts stages that were taken over. */
export function measuredJobs(jobs: JobStore, metrics: WorkerMetrics): JobStore {
  return {
    ...jobs,
    async claimStage(id, stage, owner, leaseSeconds) {
      const claim = await jobs.claimStage(id, stage, owner, leaseSeconds);
      if (claim?.takenOver) metrics.leaseTakenOver(stage);
      return claim;
    },
  };
}

/** Counts exports that were taken over. */
export function measuredExports(exports: ExportStore, metrics: WorkerMetrics): ExportStore {
  return {
    ...exports,
    async claim(...args) {
      const claim = await exports.claim(...args);
      if (claim?.takenOver) metrics.leaseTakenOver("export");
      return claim;
    },
  };
}

/** Measures how long profiles, trials and exports compute. */
export function measuredCompute(compute: ComputePort, metrics: WorkerMetrics): ComputePort {
  async function timed<T>(kind: "profile" | "trial" | "export", work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      metrics.computed(kind, (performance.now() - startedAt) / 1000);
    }
  }
  return {
    profile: (...args) => timed("profile", () => compute.profile(...args)),
    score: (...args) => timed("trial", () => compute.score(...args)),
    build: (...args) => timed("export", () => compute.build(...args)),
  };
}

/** Counts attempts of webhooks and how late they began. */
export function measuredDeliveries(deliveries: DeliveryStore, metrics: WorkerMetrics): DeliveryStore {
  const delays = new Map<string, number>();
  return {
    ...deliveries,
    async claim(id, leaseSeconds) {
      const due = await deliveries.claim(id, leaseSeconds);
      if (due) delays.set(id, due.delaySeconds);
      return due;
    },
    async settle(id, attempt, next) {
      const delaySeconds = delays.get(id) ?? 0;
      delays.delete(id);
      await deliveries.settle(id, attempt, next);
      const outcome = next.delivered ? "delivered" : next.disableEndpoint ? "gone" : "failed";
      metrics.webhookAttempted(outcome, attempt.durationSeconds, delaySeconds);
    },
  };
}
