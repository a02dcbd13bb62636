import type { JobId } from "@espalier/contracts";

/** A deleted job of which something may be left. */
export interface Removal {
  readonly jobId: JobId;
  /** Statistics that it read; null when it never got that far. */
  readonly statisticsKey: string | null;
}

/** Whether other jobs need some statistics; unknown while one profiles, which may turn out to read them. */
export type StatisticsUse = "needed" | "unknown" | "unused";

/** What deleted jobs leave behind. Every call may be repeated, and be made by several workers at once. */
export interface RemovalStore {
  /**
   * Deleted jobs that still have rows, and those that may go for good: late files of a worker that was suspended are past,
   * and no idempotency key may be answered with the job any more.
   */
  due(limit: number): Promise<readonly Removal[]>;
  /** Runs `setAside`, which has to be quick, if the statistics are unused; meanwhile no job begins to profile. */
  ifUnused(statisticsKey: string, setAside: () => Promise<void>): Promise<StatisticsUse>;
  /** Removes what hangs on the job, in small steps. */
  empty(jobId: JobId): Promise<void>;
  /** Removes the job itself if it may go for good. */
  forget(jobId: JobId): Promise<void>;
}

/** Files of deleted jobs; none is fine. */
export interface RemovableFiles {
  removeJob(jobId: JobId): Promise<void>;
  /** Takes statistics out of sight in one rename. */
  setAsideStatistics(key: string): Promise<void>;
  /** Removes all statistics that were ever set aside. */
  removeSetAside(): Promise<void>;
}
