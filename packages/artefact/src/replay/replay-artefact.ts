import { dirname } from "node:path";
import type { EvaluatedModel, ReplayOutcome, ReplayProgress, ReplayRequest } from "@espalier/contracts";
import { type ContextProgress, openSearchContext, type ReportOutcome, type SearchContext } from "@espalier/pruning";
import { buildArtefact } from "../build-artefact.js";
import { plannedLayers } from "../documents/recipe.js";
import type { Versions } from "../documents/versions.js";
import type { ArtefactFile } from "../durable/checksums.js";
import { recoverWinners, withRecoveries } from "../recover-winners.js";
import { scoreWinners } from "../score-winners.js";
import { compareDocuments, compareFiles } from "./compare-files.js";
import { isDifferent } from "./compare-hashes.js";
import { compareInputs } from "./compare-inputs.js";
import { comparePlans } from "./compare-plans.js";
import { compareVersions } from "./compare-versions.js";
import { type OpenedReplay, openReplay } from "./open-replay.js";

/** What a replay needs. */
export interface ReplayOptions extends ReplayRequest {
  readonly versions: Versions;
  readonly onProgress?: (progress: ReplayProgress) => void;
  /** Looked at between files and micro-batches; aborting rejects with the signal's reason and leaves nothing. */
  readonly signal?: AbortSignal;
}

/**
 * Repeats the export of a recipe from model and texts alone: inputs, statistics, plan, weights, files, each compared with
 * what the recipe says. `target` is there afterwards unless inputs or the plan differ without `force`. Throws AppError for a
 * recipe, model or text that cannot be read, and as `buildArtefact` does.
 */
export async function replayArtefact(options: ReplayOptions): Promise<ReplayOutcome> {
  const tell = (stage: ReplayProgress["stage"], done: number): void => options.onProgress?.({ stage, done, of: 1 });
  tell("inputs", 0);
  const opened = await openReplay(options);
  const { recipe, winner } = opened;
  const inputs = compareInputs(recipe, opened.hashes);
  const none: ReplayOutcome = {
    format_version: recipe.format_version,
    versions: compareVersions(recipe.versions, options.versions),
    inputs,
    plan: null,
    files: null,
    documents: [],
    verdict: "stopped",
  };
  tell("inputs", 1);
  if (inputs.some(isDifferent) && !options.force) return none;
  const context = await openContext(opened, options);
  try {
    tell("plan", 0);
    const made = plannedLayers(await context.plan(winner.params, winner.sparsity));
    const plan = comparePlans(
      recipe.winners.flatMap((known) => known.plan),
      made,
    );
    tell("plan", 1);
    if (plan.length > 0 && !options.force) return { ...none, plan, verdict: "different" };
    return await compareMade(opened, options, { ...none, plan }, await build(opened, context, options));
  } finally {
    await context.close();
  }
}

function openContext(
  { recipe, spec, corpusPaths, linkRoots }: OpenedReplay,
  options: ReplayOptions,
): Promise<SearchContext> {
  const { modelPath, statisticsDir, threads, signal } = options;
  return openSearchContext({
    modelPath,
    spec,
    corpusPaths,
    dataDir: statisticsDir,
    ...executionOf(recipe, options),
    threads,
    linkRoots,
    onProgress: ({ done, of }: ContextProgress) => options.onProgress?.({ stage: "statistics", done, of }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** As the recipe says, unless told otherwise; recipes of the first format do not say it. */
function executionOf(recipe: OpenedReplay["recipe"], { provider }: Pick<ReplayOptions, "provider">) {
  const told = provider === undefined ? {} : { provider };
  if (recipe.format_version === 1) return told;
  return { provider: recipe.execution.provider, memoryBytes: recipe.execution.memory_bytes, ...told };
}

async function build(
  { recipe, spec, winner, search, corpusPaths, linkRoots }: OpenedReplay,
  context: SearchContext,
  options: ReplayOptions,
): Promise<readonly ArtefactFile[]> {
  const { versions, target, threads, python, signal, onProgress } = options;
  const step = signal === undefined ? {} : { signal };
  const winners = await scoreWinners(context, [winner], step);
  const baselines = (search?.baselines ?? []).filter(({ sparsity }) => sparsity === winner.sparsity);
  const recovered = await recoverWinners({
    context,
    spec,
    winners,
    threads,
    ...executionOf(recipe, options),
    ...step,
    onProgress: ({ done, of }) => onProgress?.({ stage: "recovery", done, of }),
  });
  const measured = await context.report(winners, baselines, {
    ...step,
    onProgress: ({ done, of }) => onProgress?.({ stage: "report", done, of }),
  });
  const report = withKnownTasks(withRecoveries(measured, recovered), search);
  const { files } = await buildArtefact({
    context,
    spec,
    ...(recipe.format_version === 1 ? {} : { profiles: [recipe.profile] }),
    winners,
    report,
    recovered,
    trials: [],
    searchLog: search?.bytes ?? null,
    // As with tasks: a replay repeats the model, not what it was asked to write.
    samples: search?.text_samples,
    corpusPaths,
    versions,
    target,
    attempt: 0,
    linkRoots,
    threads,
    ...executionOf(recipe, options),
    ...(python === undefined ? {} : { python }),
    onProgress: ({ done, of }) => onProgress?.({ stage: "export", done, of }),
    ...step,
  });
  return files;
}

/** What the search's log says of zero-shot tasks: a replay repeats the model, not hours of questions to it. */
function withKnownTasks(report: ReportOutcome, search: OpenedReplay["search"]): ReportOutcome {
  const tasksOf = <T extends { tasks?: EvaluatedModel["tasks"] }>(model: T, known: T | undefined): T =>
    known?.tasks === undefined ? model : { ...model, tasks: known.tasks };
  const same = (model: EvaluatedModel) =>
    search?.best.find((one) => one.sparsity === model.sparsity && one.trial_number === model.trial_number);
  return {
    ...report,
    dense: tasksOf(report.dense, search?.dense),
    best: report.best.map((model) => {
      const known = same(model);
      const { recovery } = model;
      const recovered = recovery === undefined ? {} : { recovery: tasksOf(recovery, known?.recovery) };
      return { ...tasksOf(model, known), ...recovered };
    }),
  };
}

async function compareMade(
  { recipe }: OpenedReplay,
  { recipePath }: ReplayOptions,
  known: ReplayOutcome,
  made: readonly ArtefactFile[],
): Promise<ReplayOutcome> {
  const isOther = known.inputs.some(isDifferent) || (known.plan ?? []).length > 0;
  if (recipe.format_version === 1) return { ...known, verdict: isOther ? "different" : "same_plan" };
  const folder = `${recipe.profile}/`;
  const inFolder = made
    .filter(({ name }) => name.startsWith(folder))
    .map((file) => ({ ...file, name: file.name.slice(folder.length) }));
  const files = compareFiles(recipe.artefact.files, inFolder);
  const documents = await compareDocuments(dirname(recipePath), inFolder);
  return { ...known, files, documents, verdict: isOther || files.some(isDifferent) ? "different" : "identical" };
}
