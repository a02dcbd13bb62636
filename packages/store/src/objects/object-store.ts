import type { Readable } from "node:stream";
import type { JobId } from "@espalier/contracts";
import type { RemovableFiles } from "@espalier/pipeline";

/** Inclusive byte positions, as in an HTTP Range header. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface OpenedObject {
  readonly sizeBytes: number;
  /** The asked bytes, or all. */
  readonly stream: Readable;
}

/** Files of jobs. Rejects with AppError `ARTIFACT_NOT_FOUND` and `RANGE_NOT_SATISFIABLE`. */
export interface ObjectStore {
  openRead(jobId: JobId, name: string, range?: ByteRange): Promise<OpenedObject>;
}

/** An object store on this machine's disk: compute processes write into its folders directly. */
export interface FileStore extends ObjectStore, RemovableFiles {
  /** `<dataDir>/artifacts/<job>`: the folder that an export becomes by one rename. */
  artifactDir(jobId: JobId): string;
  /** Absolute path of one artefact file. Throws AppError ARTIFACT_NOT_FOUND for a name that leaves the job's folder. */
  artifactPath(jobId: JobId, name: string): string;
}
