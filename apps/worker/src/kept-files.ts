import type { ComputePort, Log } from "@espalier/pipeline";
import type { WorkerFiles } from "@espalier/store";

type Files = Pick<WorkerFiles, "ping" | "keepArtifacts" | "keepStatistics">;

/**
 * Keeps for all machines what compute wrote on this one, while its lease is held and before a row names it. Statistics are
 * only a saving: where they cannot be kept, another machine computes them again.
 */
export function keepingCompute(compute: ComputePort, files: Files, log: Log): ComputePort {
  return {
    ...compute,
    async profile(task, context) {
      const outcome = await compute.profile(task, context);
      await files.keepStatistics(outcome.statisticsKey, context.signal).catch((err: unknown) => {
        context.signal.throwIfAborted();
        log.warn({ event: "statistics.not_kept", job_id: task.jobId, err }, "statistics could not be kept");
      });
      return outcome;
    },
    async build(task, request, context) {
      // An export that cannot be kept would be written again at every try.
      await files.ping();
      const outcome = await compute.build(task, request, context);
      await files.keepArtifacts(task.jobId, outcome.files, context.signal);
      return outcome;
    },
  };
}

/** Brings kept statistics to this machine; where that fails, they are computed again. */
export function statisticsFetcher(files: Pick<WorkerFiles, "fetchStatistics">, log: Log) {
  return (key: string, signal: AbortSignal): Promise<void> =>
    files.fetchStatistics(key, signal).catch((err: unknown) => {
      if (signal.aborted) return;
      log.warn({ event: "statistics.not_fetched", key, err }, "kept statistics could not be fetched; computing them");
    });
}
