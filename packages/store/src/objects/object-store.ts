import type { Readable } from "node:stream";
import type { JobId } from "@espalier/contracts";
import type { ArtifactFile, RemovableFiles } from "@espalier/pipeline";

/** Inclusive byte positions, as in an HTTP Range header. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface OpenedObject {
  /** Of the whole file. */
  readonly sizeBytes: number;
  /** The asked bytes, or all. */
  readonly stream: Readable;
}

/** Files of jobs, as the API reads them. */
export interface ObjectStore {
  /** Rejects with AppError `ARTIFACT_NOT_FOUND`, `RANGE_NOT_SATISFIABLE`, and `SERVICE_UNAVAILABLE` when there is no answer. */
  openRead(jobId: JobId, file: ArtifactFile, range?: ByteRange): Promise<OpenedObject>;
  /** Rejects with AppError `SERVICE_UNAVAILABLE` when files cannot be read now. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Files of jobs, as a worker keeps them. Compute processes write into folders of this machine; what lies there is kept
 * for all machines by the calls below, before the rows name it.
 */
export interface WorkerFiles extends ObjectStore, RemovableFiles {
  /** `<dataDir>/artifacts/<job>`: the folder that an export becomes by one rename. */
  artifactDir(jobId: JobId): string;
  /** The folder that an export of this name becomes, of those that are asked for after the search. */
  exportDir(jobId: JobId, name: string): string;
  /** Absolute path of one artefact file. Throws AppError ARTIFACT_NOT_FOUND for a name that leaves the job's folders. */
  artifactPath(jobId: JobId, name: string): string;
  /**
   * Keeps files of an export that lie at their `artifactPath`: afterwards every machine can read them. May be repeated.
   * Rejects with AppError `STORAGE_FULL` and `SERVICE_UNAVAILABLE`, and with the signal's reason.
   */
  keepArtifacts(jobId: JobId, files: readonly ArtifactFile[], signal?: AbortSignal): Promise<void>;
  /** Keeps complete statistics of this machine; those that are kept already are not sent again. Rejects as above. */
  keepStatistics(key: string, signal?: AbortSignal): Promise<void>;
  /** Brings statistics that another machine kept to this one; does nothing where there are none. Rejects as above. */
  fetchStatistics(key: string, signal?: AbortSignal): Promise<void>;
}
