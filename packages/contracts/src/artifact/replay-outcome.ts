import type { StageOf } from "../one-task/messages.js";

/** An input of a replay: what the recipe was made from, and what is here. */
export interface ComparedInput {
  readonly kind: "model" | "tokenizer" | "file" | "corpus";
  /** As the recipe names it. */
  readonly name: string;
  /** SHA-256 in the recipe; null for a file that it does not know. */
  readonly recipe: string | null;
  /** SHA-256 of what is here; null where it is missing. */
  readonly here: string | null;
}

/** A version that can change numbers, where it differs. */
export interface DifferentVersion {
  readonly name: "espalier" | "onnxruntime" | "node";
  readonly recipe: string;
  readonly here: string;
}

/** A file of the repeated model beside the recipe's. */
export interface ComparedFile {
  readonly name: string;
  /** SHA-256 in the recipe, or of the document beside it; null where there is none. */
  readonly recipe: string | null;
  /** SHA-256 of what was made; null where it was not made. */
  readonly here: string | null;
}

/** What a replay found. A step that was not reached is empty. */
export interface ReplayOutcome {
  readonly format_version: number;
  readonly versions: readonly DifferentVersion[];
  readonly inputs: readonly ComparedInput[];
  /** Why the plan is another one, a sentence per layer; null where it was not made. */
  readonly plan: readonly string[] | null;
  /** Files of the model; null where nothing was written or the recipe has no hashes of them. */
  readonly files: readonly ComparedFile[] | null;
  /** Card, recipe and search log beside those that lie beside the recipe: they may name runtimes of a machine. */
  readonly documents: readonly ComparedFile[];
  /**
   * `identical`: every file of the model has the recipe's hash; `same_plan`: an old recipe, which has none; `different`: a
   * plan or file differs, or `force` went on with other inputs; `stopped`: inputs differ.
   */
  readonly verdict: "identical" | "same_plan" | "different" | "stopped";
}

/** How far a replay is. */
export type ReplayProgress = StageOf<"inputs" | "statistics" | "plan" | "recovery" | "report" | "export">;
