import type { Job } from "@espalier/client";
import { type ModelSource, modelName } from "@espalier/contracts";

/** Name of the model that a job prunes. */
export const modelOf = ({ spec }: Pick<Job, "spec">): string => modelName(spec["model"] as ModelSource);
