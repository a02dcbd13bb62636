import { resolveInsideRoots } from "@espalier/model";
import { type ContextProgress, type CorpusPaths, openSearchContext, type SearchContext } from "@espalier/pruning";
import type { ComputeSettings, JobTask } from "./messages.js";

export interface OpenedJob {
  readonly context: SearchContext;
  readonly corpusPaths: CorpusPaths;
}

interface OpenOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ContextProgress) => void;
}

/** The context of the job that this child works for. Opening another job closes the one before: memory holds one. */
export interface JobContexts {
  open(job: JobTask, options: OpenOptions): Promise<OpenedJob>;
}

export function makeJobContexts(settings: ComputeSettings): JobContexts {
  let current: { readonly jobId: string; readonly opened: OpenedJob } | undefined;
  return {
    open: async (job, options) => {
      if (current?.jobId === job.jobId) return current.opened;
      const previous = current;
      current = undefined;
      await previous?.opened.context.close();
      const opened = await openJob(job, settings, options);
      current = { jobId: job.jobId, opened };
      return opened;
    },
  };
}

async function openJob({ spec }: JobTask, settings: ComputeSettings, options: OpenOptions): Promise<OpenedJob> {
  const { modelRoots, corpusRoots, statisticsDir, provider, threads, memoryBytes } = settings;
  const corpus = async (name: string): Promise<string> => (await resolveInsideRoots(corpusRoots, name, "corpus")).path;
  const model = await resolveInsideRoots(modelRoots, spec.model.path, "model");
  const corpusPaths = {
    calibration: await corpus(spec.calibration.corpus),
    scoring: await Promise.all(spec.scoring.map((source) => corpus(source.corpus))),
    report: await corpus(spec.report.corpus),
  };
  const context = await openSearchContext({
    modelPath: model.path,
    spec,
    corpusPaths,
    dataDir: statisticsDir,
    provider,
    threads,
    signal: options.signal,
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  return { context, corpusPaths };
}
