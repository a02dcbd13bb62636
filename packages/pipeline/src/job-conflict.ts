import { AppError, type JobId, type JobState } from "@espalier/contracts";

export const jobNotFound = (id: JobId): AppError =>
  new AppError("JOB_NOT_FOUND", `No job '${id}'. List jobs with GET /v1/jobs.`);

/** `cannot`: what the job cannot do in that state, and what to do instead. */
export const stateConflict = (id: JobId, state: JobState, cannot: string): AppError =>
  new AppError("JOB_STATE_CONFLICT", `Job '${id}' is ${state} and cannot ${cannot}`);
