// Calibration, statistics, metrics, scoring, the search context.

// Units, mixing, allocation, plan, compensation.
export * from "./allocation/index.js";
export { clusterSamples, MAX_CLUSTERS, orderByNll } from "./calibration/cluster-samples.js";
export { type Observations, type ObserveOptions, observe } from "./calibration/observe.js";
export * from "./compensation/index.js";
export { type JobCost, jobCost, kindOfTrial } from "./cost/job-cost.js";
export { type MeasuredRate, type MeasureRatesOptions, measureRates } from "./cost/measure-rates.js";
export { forwardOperations, type Operations, statisticsOperations } from "./cost/operations.js";
export * from "./depth/index.js";
export { bootstrapInterval, type PairedLosses, relativeImprovement } from "./evaluation/bootstrap.js";
export { type EvaluateFolderOptions, evaluateFolder } from "./evaluation/evaluate-folder.js";
export {
  EVALUATION_PROTOCOL,
  type EvaluateTasksOptions,
  openTaskEvaluator,
  type TaskEvaluator,
  type TaskEvaluatorOptions,
} from "./evaluation/evaluate-tasks.js";
export {
  type CompareLatencyOptions,
  compareLatency,
  type LatencyComparison,
  type TimedModel,
} from "./evaluation/latency.js";
export { type OpenedPrefill, openPrefill } from "./evaluation/prefill.js";
export { openScoreCache, type ScoreCache, scoreKey } from "./evaluation/score-cache.js";
export { readTaskFile, type TaskFile, type TaskFileRequest } from "./evaluation/task-file.js";
export { evaluationTasks, taskOfFile } from "./evaluation/tasks/registry.js";
export type { Choice, EvaluationTask, TaskItem } from "./evaluation/tasks/task.js";
export { DEFAULT_MEMORY_BYTES, memoryNeed, searchNeed } from "./execution/memory.js";
export { checkJobMemory, jobNeed, type ProfileMode, streamedNeed } from "./execution/profile-plan.js";
export { type AggregationName, aggregate, aggregationNames } from "./importance/aggregate.js";
export type { ImportanceMetric, MetricInput, StatisticNeed } from "./importance/metrics/metric.js";
export {
  isMeasuredMetric,
  type MeasuredMetricName,
  measuredMetricNames,
  measuredMetrics,
} from "./importance/metrics/registry.js";
export { hasExperts, importanceNames, knowsUnits } from "./importance/metrics-of.js";
export { type MixtureOptions, type MixtureTerm, mixDensities } from "./importance/mix.js";
export { type NormalisationName, normalisationNames, normalise } from "./importance/normalise.js";
export { type ObsImportance, obsImportance } from "./importance/obs.js";
export * from "./plan/index.js";
export * from "./recovery/index.js";
export type { Candidate } from "./scoring/candidate.js";
export { type ForwardPool, type ForwardPoolOptions, openForwardPool } from "./scoring/forward-pool.js";
export { openScorer, type Scorer, type ScoringResult, type ScoringSource } from "./scoring/scorer.js";
export { baselinePlan, naturalAllocations, standardBaselines } from "./search-context/baseline-plan.js";
export { compensatePlan } from "./search-context/compensated-weights.js";
export type {
  BaselineOutcome,
  CompensatedWeights,
  ContextProgress,
  CorpusPaths,
  GivenPoint,
  RaceOptions,
  ReportOutcome,
  SearchContext,
  SearchContextOptions,
  StepOptions,
  StoppedRace,
  TrialOutcome,
  Winner,
} from "./search-context/context.js";
export { defaultMetrics } from "./search-context/default-metrics.js";
export {
  type Materials,
  type MaterialsOptions,
  type MetricName,
  prepareMaterials,
} from "./search-context/materials.js";
export { openSearchContext } from "./search-context/open-search-context.js";
export * from "./space/index.js";
export { recombineGram } from "./statistics/gram.js";
export type { Profile } from "./statistics/profile.js";
export { type ProfiledModel, type ProfileModelOptions, profileModel } from "./statistics/profile-model.js";
export { type InputMoments, recombine, type WeightedStatistics } from "./statistics/recombine.js";
export { clusterTensors, perSampleTensors } from "./statistics/tensors.js";
export {
  type ClusterWeighting,
  type SubsetWeighting,
  tiltByNll,
  type Weighting,
  weightClusters,
  weightEqually,
  weightSubset,
} from "./statistics/weighting.js";
export * from "./units/index.js";
