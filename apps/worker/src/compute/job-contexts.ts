import { assertProfilesFit, jobBounds } from "@espalier/artefact";
import { resolveInsideRoots } from "@espalier/model";
import { hubFolder } from "@espalier/model/hub";
import { type ContextProgress, type CorpusPaths, openSearchContext, type SearchContext } from "@espalier/pruning";
import type { ComputeSettings, JobTask } from "./messages.js";
import { makeRecentLosses, type RecentLosses } from "./recent-losses.js";

export interface OpenedJob {
  readonly halfBatch: boolean;
  readonly context: SearchContext;
  readonly corpusPaths: CorpusPaths;
  /** Of trials scored here lately; what it does not know is computed again. */
  readonly recentLosses: RecentLosses;
}

interface OpenOptions {
  readonly signal: AbortSignal;
  readonly fetchStatistics: (key: string) => Promise<void>;
  readonly onProgress?: (progress: ContextProgress) => void;
}

/** The contexts of the jobs that this child works for. */
export interface JobContexts {
  open(job: JobTask, options: OpenOptions): Promise<OpenedJob>;
}

/** Two jobs whose trials alternate do not reopen their statistics each time; more would crowd a small machine. */
const KEPT_JOBS = 2;

/** Keeps the contexts of the jobs used last open; the one used longest ago is closed for another. */
export function makeJobContexts(settings: ComputeSettings): JobContexts {
  // A map keeps the order of insertion: the first is the one used longest ago.
  const kept = new Map<string, OpenedJob>();
  return {
    open: async (job, options) => {
      const same = kept.get(job.jobId);
      const known = same?.halfBatch === job.halfBatch ? same : undefined;
      kept.delete(job.jobId);
      // Memory ran out elsewhere: what is open here holds too many windows a run.
      if (known === undefined) await same?.context.close();
      for (const [jobId, { context }] of [...kept].slice(0, Math.max(0, kept.size - KEPT_JOBS + 1))) {
        kept.delete(jobId);
        await context.close();
      }
      const opened = known ?? (await openJob(job, settings, options));
      kept.set(job.jobId, opened);
      return opened;
    },
  };
}

async function openJob(
  { spec, halfBatch }: JobTask,
  settings: ComputeSettings,
  options: OpenOptions,
): Promise<OpenedJob> {
  const { modelRoots, corpusRoots, statisticsDir, provider, weightPrecision, threads, memoryBytes, profileMode } =
    settings;
  const corpus = async (name: string): Promise<string> => (await resolveInsideRoots(corpusRoots, name, "corpus")).path;
  const modelPath =
    "path" in spec.model
      ? (await resolveInsideRoots(modelRoots, spec.model.path, "model")).path
      : hubFolder(settings.hubDir, spec.model.hub, spec.model.revision);
  const corpusPaths = {
    calibration: await corpus(spec.calibration.corpus),
    scoring: await Promise.all(spec.scoring.map((source) => corpus(source.corpus))),
    report: await corpus(spec.report.corpus),
    tasks: await Promise.all((spec.evaluation_tasks ?? []).map(({ file }) => corpus(file))),
  };
  await assertProfilesFit(modelPath, spec.export.profiles, modelRoots, jobBounds(spec));
  const context = await openSearchContext({
    modelPath,
    spec,
    corpusPaths,
    dataDir: statisticsDir,
    fetchStatistics: options.fetchStatistics,
    halfBatch,
    provider,
    weightPrecision,
    profileMode,
    threads,
    signal: options.signal,
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  return { halfBatch, context, corpusPaths, recentLosses: makeRecentLosses() };
}
