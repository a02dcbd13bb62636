import type { DecoderShape, ProjectionName } from "@espalier/contracts";
import type { FloatType } from "../builder/value.js";

/** In what precision matrices are fed. */
export type WeightPrecision = "full" | "half";

/** What every decoder program is made for. */
export interface DecoderOptions {
  readonly shape: DecoderShape;
  /** Tokens per row, T. Fixed in the graph: shorter rows are padded on the right with token weight 0. */
  readonly sequenceLength: number;
  /** Default float32; float64 serves gradient checks and needs float64 weights. */
  readonly dtype?: FloatType;
  /**
   * "half": matrices are fed in float16 and widened where they are read, so that they take half of a device's memory
   * and of the way to it; arithmetic stays in `dtype`. Default "full": as `dtype`.
   */
  readonly weightPrecision?: WeightPrecision;
  /**
   * Positions per row whose logits exist at the same time; bounds memory at B · headChunkTokens · V numbers.
   * Default: all of them.
   */
  readonly headChunkTokens?: number;
}

/** Options of programs that only run forward. */
export interface ForwardOptions extends DecoderOptions {
  /** Gate inputs exist. Default true. */
  readonly gates?: boolean;
  /** Bias inputs exist, added to the outputs of `o_proj` and `down_proj`. Default false. */
  readonly projectionBias?: boolean;
  /**
   * "elastic": heads and channels of every layer may be fewer than in `shape`, run by run, so that a pruned candidate
   * runs on its sliced weights in the session that is already open. Sub-blocks absent in `shape` stay absent.
   * Default "fixed".
   */
  readonly widths?: "fixed" | "elastic";
}

/** Options of the program `forward`. */
export interface LossOptions extends ForwardOptions {
  /**
   * Block to begin at: the states before it are the input `hidden_states`, and nothing of earlier blocks is read or
   * computed. Default 0: from the embeddings on.
   */
  readonly firstLayer?: number;
  /** Beside each loss that of the likeliest token, to tell whether greedy decoding would give the text. Default false. */
  readonly ranked?: boolean;
}

/** Options of the program `leading-blocks`. */
export interface LeadingBlocksOptions extends DecoderOptions {
  /** Blocks to run, from the first one on. */
  readonly blocks: number;
}

/** Options of a program that is one block alone. */
export interface BlockOptions extends DecoderOptions {
  /** The block; its weights are the only ones that are read. */
  readonly layer: number;
}

/** Options of the program `logits`. */
export interface LogitsOptions extends ForwardOptions {
  /** "all": logits [B, T, V]; "one": only those at the position the input `position` [B] names, [B, V]. Default "all". */
  readonly positions?: "all" | "one";
}

/** Groups of outputs of the program `statistics`; what is left out costs nothing. `signed` is always there. */
export interface StatisticsOptions extends DecoderOptions {
  /** `squared` [B, vectors]. Default true. */
  readonly squared?: boolean;
  /** `absolute` [B, vectors]. Default true. */
  readonly absolute?: boolean;
  /** `gradient_sum` and `gradient_square_sum` [out, in]. Default true. */
  readonly weightGradients?: boolean;
  /** `sum` and `square_sum` [B, in] of the inputs of o_proj and down_proj. Default true. */
  readonly moments?: boolean;
  /** `gram` [in, in] of the inputs of o_proj and down_proj. Default true. */
  readonly gram?: boolean;
}

/** Options of the program `weight-gradients`. */
export interface WeightGradientOptions extends DecoderOptions {
  /** Hugging Face names of the weights to differentiate by; unknown names are refused. */
  readonly weights: readonly string[];
}

/** A low-rank change of one projection, W + scale · B A. */
export interface AdapterSize {
  readonly rank: number;
  readonly scale: number;
}

/** The adapter of a projection; undefined: it has none. */
export type AdapterOf = (layer: number, projection: ProjectionName) => AdapterSize | undefined;

/** Blocks that are to change their input less. */
export interface QuietBlocks {
  readonly blocks: readonly number[];
  /** Weight of what they change beside the loss. */
  readonly penalty: number;
}

/** Options of the program `adapter-gradients`. */
export interface AdapterGradientOptions extends DecoderOptions {
  readonly adapters: AdapterOf;
  /** Default: none. */
  readonly quiet?: QuietBlocks;
}

/** Options of the program `sub-block`. */
export interface SubBlockOptions extends DecoderOptions {
  readonly layer: number;
  readonly part: "attention" | "mlp";
  /** Measures the states against `target_states`. Default false. */
  readonly target?: boolean;
}
