/**
 * Downloads models of a Hugging Face hub. An entry point of its own: processes that hold the hub's token download, and
 * leave the opening of what came to others.
 */
export { hubFolder } from "./hub-id.js";
export { type Hub, type HubModel, keptModels, openHub } from "./open-hub.js";
export type { HubCall, HubNetwork, HubProgress, HubSettings } from "./settings.js";
