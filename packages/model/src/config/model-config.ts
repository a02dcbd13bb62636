import type { BlockWidths, DecoderShape } from "@espalier/contracts";

/** The families whose arithmetic we have checked. */
export const familyNames = ["llama", "mistral", "mixtral", "qwen2", "qwen3", "qwen3_moe"] as const;
export type FamilyName = (typeof familyNames)[number];

/** A `config.json` that was read and checked. */
export interface ModelConfig {
  readonly family: FamilyName;
  readonly shape: DecoderShape;
  readonly bosTokenId: number | undefined;
  /** Some models end a text with any of several tokens; none is an empty list. */
  readonly eosTokenIds: readonly number[];
  /** As the file says it, such as `float16`; it does not bind the dtype of the tensors. */
  readonly torchDtype: string | undefined;
  /** All layers have the widths that the standard keys name, and nothing is added: any loader of the family can read the folder. */
  readonly uniform: boolean;
  /** The file's whole content, for writing a config of a pruned model. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** What decides which tensors a model has. */
export interface TensorLayout {
  readonly shape: DecoderShape;
}

/** A tensor that a model must have: its Hugging Face name and its shape ([out, in] for matrices). */
export interface ExpectedTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

/** One model family: how its config is read, and which tensors a shape has. */
export interface ModelFamily {
  readonly name: FamilyName;
  /** Throws `MODEL_CONFIG_INVALID` with the key and the value. */
  parse(raw: Readonly<Record<string, unknown>>): ModelConfig;
  tensors(config: TensorLayout): readonly ExpectedTensor[];
  /**
   * The keys, beside the widths, with which this family's own `config.json` says a shape; undefined for a shape that it
   * has no keys for.
   */
  says(shape: DecoderShape): Readonly<Record<string, unknown>> | undefined;
  /** Tensors that some files carry and that hold nothing learned. */
  ignores(tensorName: string): boolean;
}

/** Whether two layers have the same widths. */
export const sameWidths = (a: BlockWidths, b: BlockWidths): boolean =>
  a.heads === b.heads && a.kvHeads === b.kvHeads && a.intermediateSize === b.intermediateSize;
