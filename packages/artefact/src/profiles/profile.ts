import type { DecoderShape } from "@espalier/contracts";
import type { ExecutionProvider } from "@espalier/graph";
import type { ModelFolder } from "@espalier/model";
import type { FoundRuntime, RuntimeMachine } from "../runtimes/runtime.js";
import type { SlicedModel } from "../slice/sliced-model.js";
import type { LossTolerance } from "../verify/compare-losses.js";
import type { JobBounds } from "./job-bounds.js";

/** What a profile makes its files from. */
export interface ProfileInput {
  readonly source: Pick<ModelFolder, "name" | "path" | "config" | "tensors">;
  readonly sliced: SlicedModel;
  /** Folders that links inside the model's folder may lead into. */
  readonly linkRoots: readonly string[];
}

/** What losses are measured on, and how. */
export interface MeasureInput {
  /** Token ids, all of one length. */
  readonly windows: readonly Int32Array[];
  readonly provider?: ExecutionProvider;
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

/** A file that was written: nothing of the model that it holds was taken over from what was written. */
interface WrittenFile {
  /** Name in its folder. */
  readonly file: string;
  /** How far its losses may be from those of the masked model. */
  readonly tolerance: LossTolerance;
}

/** A model as its files say it is. */
export interface ReadWeights extends WrittenFile {
  readonly shape: DecoderShape;
  /** By Hugging Face name. */
  readonly weights: ReadonlyMap<string, Float32Array>;
}

/** A file that is more than weights: it is run as it is. */
export interface RunnableFile extends WrittenFile {
  /** NLL sum (nats) of each window. */
  losses(input: MeasureInput): Promise<Float64Array>;
}

export type ReadBack = ReadWeights | RunnableFile;

/** A program that is not ours and loads files of a form. */
export interface ProfileRuntime {
  /** Looks whether it is on this machine. */
  find(machine: RuntimeMachine): Promise<FoundRuntime>;
  /** What it loads, and by how much of the span of the logits they may differ from the sliced model's. */
  readonly files: readonly { readonly file: string; readonly tolerance: number }[];
}

/** One form of a pruned model on disk. */
export interface Profile {
  /** Throws AppError VALIDATION_FAILED for a model or a job that the form does not hold; absent: it holds every one. */
  readonly assertFits?: (
    source: ProfileInput["source"],
    linkRoots: readonly string[],
    bounds: JobBounds,
  ) => Promise<void>;
  /**
   * Writes everything but the documents into an existing folder. Throws AppError VALIDATION_FAILED for a model that the
   * form cannot hold.
   */
  write(folder: string, input: ProfileInput): Promise<void>;
  /** Reads what was written, one model after another: a form may have several files, each with the whole model. */
  readBack(folder: string, sliced: SlicedModel): AsyncIterable<ReadBack>;
  /** Null: none reads the form. */
  readonly runtime: ProfileRuntime | null;
  /** What Espalier's own tests load this form with, a sentence for the model card. */
  readonly tested: string;
  /** How to load the folder, Markdown, for the model card. */
  readonly loading: string;
}
