export { type AllocationName, type AllocationSettings, allocate, allocationNames } from "./allocate.js";
export { type DropCounts, type DropOptions, droppedBy, droppedSubBlocks } from "./drop.js";
export { cutKeepOrder, type KeepOrder, keepOrder, type RemovalStep, widthsAfter } from "./keep-order.js";
export {
  type DroppedSubBlocks,
  keptBudget,
  type LayerLimits,
  type LimitOptions,
  type WidthRange,
  widthLimits,
  widthParameters,
} from "./limits.js";
export { type BlockChange, type ModifierName, modifierNames } from "./modifiers/index.js";
export { type ThinnedModel, type ThinningSettings, thinQueryHeads } from "./query-heads.js";
export { layerGroup, layerGroupCount, type WidthFactors } from "./width-factors.js";
