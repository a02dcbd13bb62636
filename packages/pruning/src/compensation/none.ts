import type { Compensation } from "./compensation.js";

/** Nothing is repaired. */
export const none: Compensation = { refit: () => ({}) };
