export { adaprunerMetrics } from "./adapruner.js";
export { type BaselineSettings, baselinePoint } from "./baseline-point.js";
export { BASELINE_LAMBDA, lambdaGrid, type SpaceContext } from "./context.js";
export { informedStarts } from "./informed-starts.js";
export { neverPrunedBlocks } from "./leading-blocks.js";
export { completePoint, type PresetName, type PruningSpace, pruningSpace } from "./pruning-space.js";
export { defaultRefinement, racesByDefault } from "./search-defaults.js";
export {
  type AlignmentSettings,
  type CalibrationSettings,
  settingsFromParameters,
  type TrialSettings,
} from "./settings.js";
