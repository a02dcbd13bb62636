import { join } from "node:path";
import type { EvaluatedModel } from "@espalier/contracts";
import {
  heldWeights,
  type LazyWeights,
  lazyWeights,
  loadTokenizer,
  type ModelFolder,
  modelHash,
  openModel,
  readHashedWeights,
  tokenizerHash,
  windowReader,
} from "@espalier/model";
import { MAX_CLUSTERS } from "../calibration/cluster-samples.js";
import { DEFAULT_MEMORY_BYTES, planLeadingBlocks } from "../execution/memory.js";
import { checkJobMemory, planProfile } from "../execution/profile-plan.js";
import { openEffectsStore } from "../refinement/effects-store.js";
import { makeLossGradients } from "../refinement/loss-gradients.js";
import { openForwardPool } from "../scoring/forward-pool.js";
import { openScorer } from "../scoring/scorer.js";
import {
  adaprunerMetrics,
  neverPrunedBlocks,
  type PruningSpace,
  pruningSpace,
  settingsFromParameters,
} from "../space/index.js";
import type { Profile } from "../statistics/profile.js";
import { profileModel } from "../statistics/profile-model.js";
import { densePlan } from "../units/index.js";
import { compensatePlan } from "./compensated-weights.js";
import type { SearchContext, SearchContextOptions, StepOptions } from "./context.js";
import { defaultMetrics } from "./default-metrics.js";
import { planSize } from "./evaluated.js";
import type { JobContext } from "./job-context.js";
import { evaluateModel, openJobEvaluation } from "./job-evaluation.js";
import { makeRecover } from "./make-recover.js";
import { prepareMaterials } from "./materials.js";
import { readSplits } from "./read-splits.js";
import { recordCalibration } from "./record-calibration.js";
import { runBaselines } from "./run-baselines.js";
import { runReport } from "./run-report.js";
import { scoreTrial } from "./score-trial.js";
import { startingPoints } from "./starting-points.js";
import { repairMaterials, trialPlanner } from "./trial-plan.js";

/**
 * Opens a job: model, tokenizer, texts, statistics (computed, or found on disk) and the scoring session.
 * Throws AppError for anything in the model, the texts or the space that a user must mend.
 */
export async function openSearchContext(options: SearchContextOptions): Promise<SearchContext> {
  const { spec, modelPath } = options;
  const model = await openModel(modelPath, options.linkRoots === undefined ? {} : { linkRoots: options.linkRoots });
  const { shape } = model.config;
  const texts = await readSplits(spec, options.corpusPaths, windowReader(await loadTokenizer(model.path)));
  const { memoryBytes = DEFAULT_MEMORY_BYTES, halfBatch, profileMode } = options;
  const sequenceLength = spec.calibration.sequence_length;
  const request = { shape, sequenceLength, memoryBytes, clusters: MAX_CLUSTERS, weightGradients: true };
  checkJobMemory(request, profileMode);
  const { execution } = planProfile(request, profileMode);
  const { weights: source, modelHash: hash } = await (execution === "streamed" ? unreadModel : readModel)(model);
  const hashes = { modelHash: hash, tokenizerHash: await tokenizerHash(model.path) };
  const profile = await profileModel({
    model: { shape, weights: source, ...hashes },
    windows: texts.calibration,
    dataDir: options.dataDir,
    fetchStatistics: options.fetchStatistics,
    gradientGroups: spec.search.preset === "adapruner" ? "samples" : "clusters",
    memoryBytes,
    mode: profileMode,
    halfBatch,
    provider: options.provider,
    threads: options.threads,
    signal: options.signal,
    onProgress: (done, of) => options.onProgress?.({ stage: "profile", done, of }),
  });
  // A streamed profile, or one that is on disk, did without all of them.
  const weights = await source.all();
  const space = spaceOf(options, model, profile);
  const { provider, threads } = options;
  const running = { shape, weights, biases: usesBiases(space), memoryBytes, halfBatch, provider, threads };
  const scoringTokens = texts.scoring.flatMap(({ windows }) => windows).reduce((sum, { length }) => sum + length, 0);
  const leading = planLeadingBlocks(shape, neverPrunedBlocks(space), scoringTokens, memoryBytes);
  const pool = openForwardPool({
    ...running,
    memoryBytes: memoryBytes - leading.bytes,
    weightPrecision: options.weightPrecision,
  });
  const maskedPool = openForwardPool({ ...running, widths: "masked" });
  const job: JobContext = {
    spec,
    space,
    materials: await prepareMaterials({ profile, weights, seed: spec.search.seed }),
    pool,
    maskedPool,
    // What is reported is measured on weights as they are.
    reportPool: options.weightPrecision === "half" ? maskedPool : pool,
    scorer: await openScorer(pool, texts.scoring, {
      raceSeed: spec.search.racing ? spec.search.seed : undefined,
      leadingBlocks: leading.blocks,
    }),
    lossGradients: makeLossGradients({ ...running, windows: texts.calibration }),
    effects: openEffectsStore(shape, join(options.dataDir, profile.key)),
    openEvaluation: async (other) => {
      const { tasks: paths = [] } = options.corpusPaths;
      if (paths.length === 0) return undefined;
      const where = { paths, modelPath: model.path, dataDir: options.dataDir, ...hashes };
      return openJobEvaluation({ ...running, ...other, ...where, spec });
    },
    calibration: texts.calibration,
    reportWindows: texts.report,
    recover: makeRecover({ ...running, spec, texts, dense: { shape, weights } }),
  };
  return makeContext(job, model, profile);
}

/** Every file read once: what all of the model at once is computed from. */
async function readModel(model: ModelFolder): Promise<{ readonly weights: LazyWeights; readonly modelHash: string }> {
  const { weights, modelHash } = await readHashedWeights(model);
  return { weights: heldWeights(weights), modelHash };
}

/** Files read once for the hash, and again block by block. */
async function unreadModel(model: ModelFolder): ReturnType<typeof readModel> {
  return { weights: lazyWeights(model), modelHash: await modelHash(model) };
}

function spaceOf({ spec }: SearchContextOptions, model: ModelFolder, profile: Profile): PruningSpace {
  const { preset, metrics, space } = spec.search;
  const ofPreset = preset === "adapruner" ? adaprunerMetrics : defaultMetrics(model.config.shape);
  return pruningSpace(
    preset,
    {
      shape: model.config.shape,
      metrics: metrics ?? ofPreset,
      compensation: spec.compensation,
      layout: spec.target.layout,
      clusters: profile.clusterCount,
      samples: profile.sampleCount,
    },
    space,
  );
}

/** Sessions get bias inputs only where a point may need them. */
function usesBiases({ parameters, neutral }: PruningSpace): boolean {
  const searched = parameters.find(({ name }) => name === "compensation");
  const methods = searched?.type === "categorical" ? searched.choices : [neutral["compensation"]];
  return methods.includes("bias");
}

function makeContext(job: JobContext, model: ModelFolder, profile: Profile): SearchContext {
  const { materials, space, pool } = job;
  const { shape } = materials;
  let dense: EvaluatedModel | undefined;
  const measureDense = async (step: StepOptions = {}): Promise<EvaluatedModel> => {
    dense ??= await scoreDense(job, step);
    return dense;
  };
  return {
    model,
    shape,
    profileKey: profile.key,
    profileReused: profile.reused,
    space: space.parameters,
    neutral: space.neutral,
    starts: startingPoints(space, []),
    weights: materials.weights,
    calibration: async () => recordCalibration(job, await loadTokenizer(model.path)),
    dense: measureDense,
    baselines: (step) => runBaselines(job, step),
    score: (params, step) => scoreTrial(job, params, step),
    plan: async (params, sparsity) => (await trialPlanner(job, params)).plan(sparsity),
    async compensatedWeights(params, plan) {
      const settings = settingsFromParameters(space, params);
      return compensatePlan(await repairMaterials(job, settings, params), plan, settings);
    },
    async maskedReportLosses(plan, { weights, biases }, step = {}) {
      const scorer = await openScorer(job.maskedPool, [{ windows: await job.reportWindows(), weight: 1 }]);
      return (await scorer.score({ plan, weights, biases }, { signal: step.signal })).windowLosses;
    },
    reportWindows: job.reportWindows,
    recover: job.recover,
    evaluate: (other, step = {}) => evaluateModel(job, other, step),
    report: async (winners, baselines, step) => runReport(job, await measureDense(step), winners, baselines, step),
    async close() {
      await pool.close();
      await job.maskedPool.close();
      await job.lossGradients.close();
    },
  };
}

async function scoreDense({ materials, scorer }: JobContext, step: StepOptions): Promise<EvaluatedModel> {
  const plan = densePlan(materials.shape);
  const { perplexity } = await scorer.score({ plan }, { signal: step.signal });
  return {
    name: "dense",
    ...planSize(materials.shape, plan, 0),
    scoring_perplexity: perplexity,
    report_perplexity: null,
    compensation: "none",
    allocation: null,
    trial_number: null,
  };
}
