import { posix } from "node:path";
import {
  artefactSteps,
  buildArtefact,
  recoverWinners,
  removeCheckpoints,
  type ScoredWinner,
  sampleSteps,
  sampleTexts,
  scoreWinners,
  withRecoveries,
} from "@espalier/artefact";
import { AppError } from "@espalier/contracts";
import type { BuildOutcome, Winner } from "@espalier/pipeline";
import { jobCost, type RecoveryProgress, type SearchContext, type StepOptions } from "@espalier/pruning";
import type { ComputeTask } from "../messages.js";
import { readVersions } from "../versions.js";
import { secondsSince, type TaskContext } from "./task.js";

/** Recovers the winners, measures them and the baselines on the report split, then writes and verifies the files. */
export async function buildTask(
  task: Extract<ComputeTask, { kind: "build" }>,
  { contexts, settings, signal, fetchStatistics, report, measured: told }: TaskContext,
): Promise<BuildOutcome> {
  const { job, trials, target } = task;
  const start = performance.now();
  const winners = [...task.winners].sort((a, b) => a.sparsity - b.sparsity);
  const { context, corpusPaths } = await contexts.open(job, { signal, fetchStatistics });
  const texts = sampleSteps({ winners });
  const progress = exportProgress(texts, artefactSteps({ winners, spec: job.spec }), report);
  const scored = await score(context, winners, task, { signal });
  const { provider, threads } = settings;
  const recovered = await recoverWinners({
    ...{ context, spec: job.spec, winners, target, provider, threads, signal },
    onProgress: recoveryProgress(report),
  });
  const figures = await context.report(scored, task.baselines, { signal, onProgress: progress.measuring });
  const measured = withRecoveries(figures, recovered);
  const textSamples = await sampleTexts({
    ...{ context, spec: job.spec, winners, recovered, linkRoots: settings.modelRoots, provider, threads, signal },
    onProgress: progress.writing,
  });
  const { files, folders } = await buildArtefact({
    context,
    spec: job.spec,
    winners,
    report: measured,
    recovered,
    trials,
    samples: textSamples,
    corpusPaths,
    versions: readVersions(),
    target,
    attempt: task.epoch,
    flat: task.later !== undefined,
    linkRoots: settings.modelRoots,
    provider,
    threads,
    ...(settings.memoryBytes === undefined ? {} : { memoryBytes: settings.memoryBytes }),
    ...(settings.python === undefined ? {} : { python: settings.python }),
    signal,
    onProgress: progress.building,
  });
  await removeCheckpoints(target, winners);
  if (task.later === undefined) {
    const cost = jobCost(context.shape, job.spec);
    told({ step: "export", scale: cost.scale, operations: cost.export, seconds: secondsSince(start) });
  }
  const { dense, baselines, best, improvement, differences } = measured;
  const inside = (name: string): string => posix.join(task.later?.name ?? "", name);
  return {
    files: files.map((file) => ({ ...file, name: inside(file.name) })),
    folders: folders.map(({ name, winner: { trialNumber, sparsity }, profile, checks }) => {
      return { name: inside(name), trialNumber, sparsity, profile, checks };
    }),
    dense,
    baselines,
    best,
    improvement,
    differences,
    textSamples,
  };
}

/** The winners with their figures of the search; refuses the one of a later export where it has another now. */
async function score(
  context: SearchContext,
  winners: readonly Winner[],
  { later }: Extract<ComputeTask, { kind: "build" }>,
  step: StepOptions,
): Promise<readonly ScoredWinner[]> {
  const scored = await scoreWinners(context, winners, step);
  if (later !== undefined) for (const winner of scored) checkUnchanged(winner, later.scoringPerplexity);
  return scored;
}

function recoveryProgress(report: TaskContext["report"]) {
  return ({ done, of, loss }: RecoveryProgress): void =>
    report({ stage: "recovering", done, of, unit: "steps", ...(loss === null ? {} : { loss }) });
}

/** Relative difference up to which a trial scores the same again. */
const SAME_SCORE = 1e-4;

/**
 * Files and statistics may have changed since the search: statistics that are gone are computed again, but a model or a
 * text of other content would give another model under the trial's number.
 */
function checkUnchanged({ trialNumber, scoringPerplexity: now }: ScoredWinner, then: number | null): void {
  if (now !== null && then !== null && Math.abs(now / then - 1) <= SAME_SCORE) return;
  throw new AppError(
    "EXPORT_VERIFICATION_FAILED",
    `Trial ${trialNumber} had a scoring perplexity of ${then} in the search and has ${now} now: the model or a text of the job has changed since. Submit the job again.`,
  );
}

interface Steps {
  readonly done: number;
  readonly of: number;
}

/** One count over the parts of an export: models measured on the report split, texts written, then steps of the files. */
function exportProgress(texts: number, buildSteps: number, report: TaskContext["report"]) {
  let measured = 0;
  const tell = (done: number): void =>
    report({ stage: "exporting", done, of: measured + texts + buildSteps, unit: "steps" });
  return {
    measuring: ({ done, of }: Steps): void => {
      measured = of;
      tell(done);
    },
    writing: ({ done }: Steps): void => tell(measured + done),
    building: ({ done }: Steps): void => tell(measured + texts + done),
  };
}
