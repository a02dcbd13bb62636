export {
  mixtureOf,
  neededMetrics,
  type PlanStatistics,
  type PlanTarget,
  planFromDensities,
  planFromParameters,
  planFromSettings,
} from "./plan-from-parameters.js";
export { planFromWidths } from "./plan-from-widths.js";
export { type EliminationOrder, type EliminationOrders, leavingOrder } from "./ranking.js";
