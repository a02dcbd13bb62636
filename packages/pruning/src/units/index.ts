export {
  prunableParameters,
  queryHeadCost,
  queryHeadsPerGroup,
  totalParameters,
  type UnitCosts,
  unitCosts,
} from "./costs.js";
export { keptInputs, zeroColumns } from "./kept-inputs.js";
export { lostBiases } from "./lost-biases.js";
export {
  assertPlan,
  densePlan,
  keptWidths,
  type LayerGates,
  type LayerPlan,
  type LayerWidths,
  type Plan,
  planGates,
  planShape,
  planSparsity,
} from "./plan.js";
export { keptQueryHeads, thinnedShape } from "./query-heads.js";
export {
  assertUnitScores,
  emptyUnitScores,
  type MetricScores,
  type QueryHeadScores,
  type UnitScores,
} from "./scores.js";
export {
  isRefitted,
  kindOf,
  type LayerVectorScores,
  type OutputProjectionName,
  outputProjectionNames,
  type ProjectionName,
  projectionNames,
  type UnitKind,
  unitKinds,
  type VectorScores,
  vectorCount,
  vectorsPerUnit,
} from "./vectors.js";
