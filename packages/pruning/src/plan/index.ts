export {
  neededMetrics,
  type PlanStatistics,
  type PlanTarget,
  planFromParameters,
  planFromSettings,
} from "./plan-from-parameters.js";
export { planFromWidths } from "./plan-from-widths.js";
export { type EliminationOrder, type EliminationOrders, leavingOrder } from "./ranking.js";
