import type { DecoderShape } from "@espalier/contracts";
import type { SlicedModel, SlicedTensor } from "../slice/slice-model.js";

/** What a profile makes its config.json from. */
export interface ConfigInput extends Pick<SlicedModel, "shape" | "biased"> {
  /** The source model's config.json as read. */
  readonly source: Readonly<Record<string, unknown>>;
  /** Null: the source's own dtype stays. */
  readonly torchDtype: string | null;
}

/** One form of a pruned model on disk. */
export interface Profile {
  /** Content of config.json. Throws AppError VALIDATION_FAILED for a shape that the form cannot hold. */
  config(input: ConfigInput): Readonly<Record<string, unknown>>;
  /** The shape of what is written: a form may leave out blocks that keep nothing. */
  shape(sliced: Pick<SlicedModel, "shape">): DecoderShape;
  /** What is written, in this order. */
  tensors(sliced: SlicedModel): readonly SlicedTensor[];
  /** `openModel` reads this form of the model. */
  opens(sliced: Pick<SlicedModel, "biased">): boolean;
  /** How to load the folder, Markdown, for the model card. */
  readonly loading: string;
}
