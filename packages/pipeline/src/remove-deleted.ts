import { REMOVAL_LIMIT } from "./defaults.js";
import type { RemovableFiles, Removal, RemovalStore } from "./ports/removals.js";

export interface RemoveDeletedDeps {
  readonly removals: RemovalStore;
  readonly files: RemovableFiles;
}

/**
 * One round of removing what deleted jobs left: files, statistics that no other job has read, then rows, the job itself
 * last, so that a round that was cut short is done again. Returns how many jobs it looked at.
 */
export function makeRemoveDeleted({ removals, files }: RemoveDeletedDeps) {
  async function remove({ jobId, statisticsKey }: Removal): Promise<void> {
    await files.removeJob(jobId);
    const use =
      statisticsKey && (await removals.ifUnused(statisticsKey, () => files.setAsideStatistics(statisticsKey)));
    await removals.empty(jobId);
    if (use !== "unknown") await removals.forget(jobId);
  }

  return async function removeDeleted(): Promise<number> {
    const due = await removals.due(REMOVAL_LIMIT);
    for (const removal of due) await remove(removal);
    if (due.length > 0) await files.removeSetAside();
    return due.length;
  };
}
