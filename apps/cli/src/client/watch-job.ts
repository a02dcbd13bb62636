import { setTimeout as sleep } from "node:timers/promises";
import type { Job } from "@espalier/client";
import { isTerminal } from "@espalier/contracts";
import { type JobProgress, jobProgress, type ProgressStyle } from "../output/job-progress.js";
import type { ApiClient } from "./api-client.js";

const POLL_MILLISECONDS = 400;

/** Follows a job to its end, showing progress; resolves with the terminal view. */
export async function watchJob(client: ApiClient, id: string, style: ProgressStyle): Promise<Job> {
  const progress: JobProgress = jobProgress(style);
  try {
    for (;;) {
      const job = await client.job(id);
      progress.update(job);
      if (isTerminal(job.state)) return job;
      await sleep(POLL_MILLISECONDS);
    }
  } finally {
    progress.stop();
  }
}
