import type { DecoderShape } from "@espalier/contracts";

/** What a profile makes its config.json from. */
export interface ConfigInput {
  /** The source model's config.json as read. */
  readonly source: Readonly<Record<string, unknown>>;
  /** The sliced shape. */
  readonly shape: DecoderShape;
  /** Projections carry biases. */
  readonly biased: boolean;
  /** Null: the source's own dtype stays. */
  readonly torchDtype: string | null;
}

/** One form of a pruned model on disk. */
export interface Profile {
  /** Content of config.json. Throws AppError VALIDATION_FAILED for a shape that the form cannot hold. */
  config(input: ConfigInput): Readonly<Record<string, unknown>>;
  /** How to load the folder, Markdown, for the model card. */
  readonly loading: string;
}
