import type { CreateJobInput } from "@espalier/contracts";
import { smallJob } from "../../e2e/small-job.js";

/** The job of the fault tests: all stages, each some hundred milliseconds long, one trial at a time. */
export const faultJob = (changes: Partial<CreateJobInput> = {}): CreateJobInput =>
  smallJob({ search: { trials: 5, seed: 5 }, baselines: false, ...changes });
