import type { ModelSource } from "./model-source.js";

/** What people call a job's model: its path, or its name on the hub. */
export const modelName = (source: ModelSource): string => ("path" in source ? source.path : source.hub);
