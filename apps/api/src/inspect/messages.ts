import type {
  CorpusView,
  CreateJobBody,
  ErrorCode,
  ExportProfile,
  FieldProblem,
  JobSpec,
  ModelSource,
  ModelView,
} from "@espalier/contracts";
import type { JobCost } from "@espalier/pipeline";
import type { MemorySettings } from "./check-memory.js";

/** A form that a finished job's model is asked for in. */
export interface AskedProfile {
  readonly model: ModelSource;
  /** Set where the model is one of a hub. */
  readonly onHub?: FoundOnHub | undefined;
  readonly profile: ExportProfile;
}

/** Folders that clients may name things in. */
export interface Roots {
  readonly models: readonly string[];
  readonly corpora: readonly string[];
  /** Folder of models that were downloaded from a hub. */
  readonly hubDir: string;
}

/** The model of a job that names one on a hub: its commit, and a folder to check. */
export interface FoundOnHub {
  readonly commit: string;
  readonly path: string;
}

/** A job to check. */
export interface JobQuestion {
  readonly body: CreateJobBody;
  /** Set where the body names a model on a hub. */
  readonly onHub?: FoundOnHub | undefined;
}

/** A job as it would be stored, and what it would cost. */
export interface CountedJob {
  readonly spec: JobSpec;
  readonly cost: JobCost;
}

/** What the child can be asked, and what it answers. */
export interface InspectTasks {
  readonly job: { readonly question: JobQuestion; readonly answer: JobSpec };
  readonly estimate: { readonly question: JobQuestion; readonly answer: CountedJob };
  readonly profile: { readonly question: AskedProfile; readonly answer: null };
  readonly models: { readonly question: null; readonly answer: readonly ModelView[] };
  readonly corpora: { readonly question: null; readonly answer: readonly CorpusView[] };
}
export type TaskName = keyof InspectTasks;

/** From the API to its child. */
export type Request = {
  readonly [T in TaskName]: {
    readonly task: T;
    readonly question: InspectTasks[T]["question"];
    readonly roots: Roots;
    readonly memory: MemorySettings;
  };
}[TaskName];

/** Sent again and again while the child's event loop turns: one without it is stuck in a single long computation. */
export const BEAT = "beat";

/** An AppError on its way between processes; without a code it was not meant for clients. */
export interface CarriedError {
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly errors: readonly FieldProblem[];
}

/** From the child to the API: one for each request, in order. */
export type Reply =
  | { readonly ok: true; readonly answer: InspectTasks[TaskName]["answer"] }
  | { readonly ok: false; readonly error: CarriedError };
