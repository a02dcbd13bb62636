import type { ComputeTask } from "./ports/compute.js";
import type { JobRecord } from "./ports/records.js";

/** What the arithmetic needs to know of a job. */
export const taskOf = ({ id, spec, halfBatch }: JobRecord): ComputeTask => ({ jobId: id, spec, halfBatch });
