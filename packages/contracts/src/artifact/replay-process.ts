import type { ErrorCode } from "../errors/catalogue.js";
import type { ReplayOutcome, ReplayProgress } from "./replay-outcome.js";

/** What a replay is told; every path is absolute. */
export interface ReplayRequest {
  readonly recipePath: string;
  readonly modelPath: string;
  /** Folders in which the recipe's texts lie. */
  readonly corpusRoots: readonly string[];
  /** Where statistics are looked for and kept. */
  readonly statisticsDir: string;
  /** Folder to make: it holds a folder per profile. */
  readonly target: string;
  readonly threads: number;
  /** In place of the recipe's. */
  readonly provider?: "cpu" | "webgpu" | "cuda";
  /** A Python with torch and transformers, in which plain Llama folders are loaded and compared. */
  readonly python?: string;
  /** Goes on where inputs or the plan differ: the result is another artefact. */
  readonly force: boolean;
}

/** To the process that repeats an export. */
export type ToReplay =
  | { readonly kind: "replay"; readonly request: ReplayRequest }
  /** Ends it between micro-batches. */
  | { readonly kind: "cancel" };

/** From that process. */
export type FromReplay =
  | { readonly kind: "progress"; readonly progress: ReplayProgress }
  | { readonly kind: "done"; readonly outcome: ReplayOutcome }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly message: string };
