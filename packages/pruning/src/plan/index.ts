export { planFromWidths } from "./plan-from-widths.js";
export { type EliminationOrder, type EliminationOrders, leavingOrder } from "./ranking.js";
