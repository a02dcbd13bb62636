export type * from "./ports/compute.js";
export type * from "./ports/records.js";
export type * from "./ports/stores.js";
