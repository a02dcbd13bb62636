import { artefactSteps, buildArtefact } from "@espalier/artefact";
import type { BuildOutcome, Winner } from "@espalier/pipeline";
import type { ReportOutcome, SearchContext, StepOptions } from "@espalier/pruning";
import type { ComputeTask } from "../messages.js";
import { readVersions } from "../versions.js";
import type { TaskContext } from "./task.js";

/** Measures winners and baselines on the report split, then writes and verifies the files. */
export async function buildTask(
  task: Extract<ComputeTask, { kind: "build" }>,
  { contexts, settings, signal, report }: TaskContext,
): Promise<BuildOutcome> {
  const { job, trials, target } = task;
  const winners = [...task.winners].sort((a, b) => a.sparsity - b.sparsity);
  const { context, corpusPaths } = await contexts.open(job, { signal });
  const progress = exportProgress(artefactSteps({ winners, spec: job.spec }), report);
  const measured = await measure(context, winners, task, { signal, onProgress: progress.measuring });
  const { files } = await buildArtefact({
    context,
    spec: job.spec,
    winners,
    report: measured,
    trials,
    corpusPaths,
    versions: readVersions(),
    target,
    linkRoots: settings.modelRoots,
    provider: settings.provider,
    threads: settings.threads,
    signal,
    onProgress: progress.building,
  });
  const { dense, baselines, best, improvement } = measured;
  return { files, dense, baselines, best, improvement };
}

async function measure(
  context: SearchContext,
  winners: readonly Winner[],
  { baselines }: Extract<ComputeTask, { kind: "build" }>,
  step: StepOptions,
): Promise<ReportOutcome> {
  const scored = [];
  for (const winner of winners) {
    // The search's own figure, computed again: cheaper than to carry it through the rows, and equal by construction.
    const { results } = await context.score(winner.params, step.signal === undefined ? {} : { signal: step.signal });
    const result = results.find(({ sparsity }) => sparsity === winner.sparsity);
    scored.push({ ...winner, scoringPerplexity: result?.scoring_perplexity ?? null });
  }
  return context.report(scored, baselines, step);
}

/** One count over both halves of an export: models measured on the report split, then steps of the files. */
function exportProgress(buildSteps: number, report: TaskContext["report"]) {
  let measured = 0;
  const tell = (done: number, of: number): void => report({ stage: "exporting", done, of, unit: "steps" });
  return {
    measuring: ({ done, of }: { readonly done: number; readonly of: number }): void => {
      measured = of;
      tell(done, of + buildSteps);
    },
    building: ({ done, of }: { readonly done: number; readonly of: number }): void =>
      tell(measured + done, measured + of),
  };
}
