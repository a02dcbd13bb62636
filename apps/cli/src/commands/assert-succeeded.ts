import type { Job } from "@espalier/client";
import { CliError, exitCodes } from "../cli-error.js";

/** Throws, with the job's own words, when it ended otherwise than `succeeded`. */
export function assertSucceeded(job: Job): void {
  if (job.state === "succeeded") return;
  const why = job.error === null ? "" : ` at ${job.error.stage}: ${job.error.detail} (${job.error.code})`;
  throw new CliError(`Job ${job.id} ${job.state}${why}`, exitCodes.jobFailed);
}
