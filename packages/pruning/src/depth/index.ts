export type { DepthCut, DepthInput, DepthTraining } from "./depth-method.js";
export { depthMethods } from "./registry.js";
export { withoutBlocks } from "./without-blocks.js";
