import type { ErrorCode, JobId, JobState } from "@espalier/contracts";

/** A move that somebody asked for: done, or refused in the state that the job has. Undefined: there is no such job. */
export type Asked<T extends object = object> =
  | ({ readonly kind: "done" } & T)
  | { readonly kind: "refused"; readonly state: JobState };

/** Work that a resumed job has ready at once. */
export interface ReadyWork {
  readonly profile: boolean;
  /** Numbers of its waiting trials. */
  readonly trials: readonly number[];
  readonly export: boolean;
}

/** What stopped a job, for its owner to mend before resuming. */
export interface PauseReason {
  readonly code: ErrorCode;
  readonly detail: string;
}

/** What a job's owner asks of it after submit. Every call is one compare-and-set on its row, events included. */
export interface JobControl {
  /** searching → paused. What runs may settle; nothing is claimed or inserted, and the search's time stands still. */
  pause(id: JobId): Promise<Asked | undefined>;
  /** profiling or exporting → paused with a reason, while that stage claim holds. */
  pauseStage(id: JobId, epoch: number, reason: PauseReason): Promise<boolean>;
  /** paused → where it was, inserting what became due; also → exporting or failed when the search ended in between. */
  resume(id: JobId): Promise<Asked<ReadyWork> | undefined>;
  /** searching or paused → exporting with the best so far, open trials cancelled; refused while none has completed. */
  finish(id: JobId): Promise<Asked | undefined>;
  /** Hides a terminal job at once and ends messages to its own receivers; its rows and files are removed later. */
  delete(id: JobId): Promise<Asked | undefined>;
}
