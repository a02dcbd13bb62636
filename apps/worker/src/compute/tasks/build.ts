import { buildArtefact } from "@espalier/artefact";
import type { BuildOutcome, Winner } from "@espalier/pipeline";
import type { ReportOutcome, SearchContext } from "@espalier/pruning";
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
  const measured = await measure(context, winners, task, signal);
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
    onProgress: ({ done, of }) => report({ stage: "exporting", done, of, unit: "steps" }),
  });
  const { dense, baselines, best, improvement } = measured;
  return { files, dense, baselines, best, improvement };
}

async function measure(
  context: SearchContext,
  winners: readonly Winner[],
  { baselines }: Extract<ComputeTask, { kind: "build" }>,
  signal: AbortSignal,
): Promise<ReportOutcome> {
  const scored = [];
  for (const winner of winners) {
    // The search's own figure, computed again: cheaper than to carry it through the rows, and equal by construction.
    const { results } = await context.score(winner.params, { signal });
    const result = results.find(({ sparsity }) => sparsity === winner.sparsity);
    scored.push({ ...winner, scoringPerplexity: result?.scoring_perplexity ?? null });
  }
  return context.report(scored, baselines, { signal });
}
