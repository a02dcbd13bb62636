import type { Job } from "@espalier/client";
import { createContext, use } from "react";
import type { Connection, JobEvent } from "../../api/job-events.js";

/** The job that the views of a job page show. */
export interface ShownJob {
  readonly job: Job;
  readonly connection: Connection;
  /** Latest first; those from shortly before the page opened on. */
  readonly events: readonly JobEvent[];
}

export const JobContext = createContext<ShownJob | null>(null);

/** The job of the page; it is kept up to date. */
export function useJob(): ShownJob {
  const shown = use(JobContext);
  if (shown === null) throw new TypeError("useJob needs a JobPage above it");
  return shown;
}
