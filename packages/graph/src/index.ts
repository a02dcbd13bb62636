export type { ProjectionName } from "@espalier/contracts";
export * as expressions from "./builder/expressions.js";
export { GraphBuilder, type InputOptions } from "./builder/graph-builder.js";
export type { Dim, DType, FloatType, Shape, Value } from "./builder/value.js";
export { adapterGradientsProgram } from "./decoder/adapter-gradients.js";
export { blockProgram } from "./decoder/block.js";
export { blockScaleGradientsProgram } from "./decoder/block-scale-gradients.js";
export { blockStatisticsProgram } from "./decoder/block-statistics.js";
export { type CachedLogitsOptions, cachedLogitsProgram } from "./decoder/cached-logits.js";
export { elasticWeights, type KeptUnits, type SliceRoom } from "./decoder/elastic-weights.js";
export { openGates, weightFeeds, weightsRead } from "./decoder/feeds.js";
export { forwardProgram } from "./decoder/forward.js";
export { gateGradientsProgram } from "./decoder/gate-gradients.js";
export { headProgram } from "./decoder/head.js";
export { leadingBlocksProgram } from "./decoder/leading-blocks.js";
export { logitsProgram } from "./decoder/logits.js";
export {
  type ColumnProjection,
  cacheNames,
  columnProjections,
  type ExpertStatistic,
  type InputMoment,
  inputNames,
  isColumnProjection,
  layerOf,
  outputNames,
  projectionBias,
  projectionNames,
  projectionWeight,
  type SimilarityPart,
  type VectorStatistic,
  type WeightStatistic,
  weightNames,
} from "./decoder/names.js";
export { observeProgram } from "./decoder/observe.js";
export type {
  AdapterGradientOptions,
  AdapterOf,
  AdapterSize,
  BlockOptions,
  DecoderOptions,
  ForwardOptions,
  LeadingBlocksOptions,
  LogitsOptions,
  LossOptions,
  QuietBlocks,
  StatisticsOptions,
  SubBlockOptions,
  WeightGradientOptions,
  WeightPrecision,
} from "./decoder/options.js";
export { outputGradientsProgram } from "./decoder/output-gradients.js";
export { ropeFrequencies } from "./decoder/rope-frequencies.js";
export { statisticsProgram } from "./decoder/statistics.js";
export { scaleName, type WeightForm } from "./decoder/stored-weights.js";
export { subBlockProgram } from "./decoder/sub-block.js";
export { weightGradientsProgram } from "./decoder/weight-gradients.js";
export { type ExternalPlace, type OnnxParameter, parameterBytes, storedModelParts } from "./encoding/stored-model.js";
export type { FinishedGraph, InputSpec, OutputSpec } from "./finished-graph.js";
export { differentiate } from "./gradients/differentiate.js";
export {
  type ExecutionProvider,
  executionProviders,
  type GraphSession,
  listProviders,
  type ModelFile,
  openModelFile,
  openSession,
  type ProviderProbe,
  probeProviders,
  type SessionOptions,
} from "./runner.js";
export type { StoredGraph } from "./stored-graph.js";
export type { Feeds, Results, TensorArray, TensorData } from "./tensor.js";
