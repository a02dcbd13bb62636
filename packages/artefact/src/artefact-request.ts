import type { ExportProfile, JobSpec, ParameterValue, RecoveryOutcome, TextSamples } from "@espalier/contracts";
import type { ExecutionProvider } from "@espalier/graph";
import type { CorpusPaths, ReportOutcome, SearchContext } from "@espalier/pruning";
import type { TrialEntry } from "./documents/search-log.js";
import type { Versions } from "./documents/versions.js";

/** The best point of the space at one sparsity. */
export interface ArtefactWinner {
  readonly sparsity: number;
  readonly trialNumber: number;
  readonly params: Readonly<Record<string, ParameterValue>>;
}

/** What of a search context an export reads. */
export type ExportContext = Pick<
  SearchContext,
  | "model"
  | "shape"
  | "weights"
  | "plan"
  | "compensatedWeights"
  | "maskedReportLosses"
  | "reportWindows"
  | "recover"
  | "evaluate"
>;

/** A winner's repaired weights, in its own widths, and what they brought. */
export interface RecoveredWinner {
  /** As a decoder reads them; those not named are the sliced model's. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** NLL sum of each report window with them: what an export is verified against. */
  readonly losses: Float64Array;
  readonly outcome: RecoveryOutcome;
}

/** What `buildArtefact` needs; every path is absolute. */
export interface ArtefactRequest {
  readonly context: ExportContext;
  readonly spec: JobSpec;
  /** One per sparsity, ascending. */
  readonly winners: readonly ArtefactWinner[];
  /** Dense, baselines and winners on the report split, winners in the same order, with what `recovered` brought. */
  readonly report: ReportOutcome;
  /** Of `recoverWinners`, in the order of the winners; empty where the job asks for none. */
  readonly recovered: readonly RecoveredWinner[];
  readonly trials: readonly TrialEntry[];
  /** Of `sampleTexts`, for card and search log; absent: they tell none. */
  readonly samples?: TextSamples | undefined;
  readonly corpusPaths: CorpusPaths;
  readonly versions: Versions;
  /** Files go into the target itself, not into folders by sparsity and profile; for one winner and one profile. */
  readonly flat?: boolean;
  /** Folder to make; a folder there is replaced once the new one is complete. */
  readonly target: string;
  /** Grows with every try at the same target (the epoch of its lease): an overtaken one must not disturb a later one. */
  readonly attempt: number;
  /** Folders that links inside the model's folder may lead into. */
  readonly linkRoots?: readonly string[];
  readonly provider?: ExecutionProvider;
  readonly threads?: number;
  /** Forms to write; default: those of the job. */
  readonly profiles?: readonly ExportProfile[];
  /** Bound on the numbers held while the statistics were computed, for the recipe; default that of a search context. */
  readonly memoryBytes?: number;
  /** `search.json` of an earlier export of the same search, byte for byte; null: without one. Default: made of `trials`. */
  readonly searchLog?: Uint8Array | null;
  /** A Python with torch and transformers, in which plain Llama folders are loaded and compared. */
  readonly python?: string;
  readonly onProgress?: (progress: { readonly done: number; readonly of: number }) => void;
  /** Looked at between files and micro-batches; aborting rejects with the signal's reason and leaves nothing. */
  readonly signal?: AbortSignal;
}
