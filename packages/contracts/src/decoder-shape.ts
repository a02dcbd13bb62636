/** Widths of one decoder block. Zero heads: the block has no attention; zero `intermediateSize`: no MLP. */
export interface BlockWidths {
  /** Query heads H. */
  readonly heads: number;
  /** Key-value heads K; divides H. Query head j reads key-value head ⌊j / (H/K)⌋. */
  readonly kvHeads: number;
  /** MLP channels F; of all experts together where the MLP is a mixture of experts, each expert's being neighbours. */
  readonly intermediateSize: number;
}

/** How the MLP of a block is split into experts, of which each token uses a few. */
export interface ExpertsShape {
  /** E: experts; each has F / E channels and a row of the router. */
  readonly count: number;
  /** Experts that each token uses: those with the largest router logits. */
  readonly perToken: number;
  /** The weights of a token's experts sum to 1; otherwise they are their shares among all experts. */
  readonly normalised: boolean;
}

/** One decoder block: its widths, which pruning changes, and what it keeps whatever they are. */
export interface LayerShape extends BlockWidths {
  /** W: a query sees the last W positions, its own among them. Left out: all that are not later. */
  readonly slidingWindow?: number;
  /** The MLP is a mixture of experts. Left out: every token uses all channels. */
  readonly experts?: ExpertsShape;
}

/**
 * How the frequencies of the rotary embedding are stretched: all alike (`linear`), or the slow ones alone (`llama3`).
 * The formulas are those of transformers' `modeling_rope_utils`.
 */
export type RopeScaling =
  | { readonly type: "linear"; readonly factor: number }
  | {
      readonly type: "llama3";
      readonly factor: number;
      readonly lowFrequencyFactor: number;
      readonly highFrequencyFactor: number;
      readonly originalMaxPositions: number;
    };

/** The linear maps of a decoder block. */
export type ProjectionName = "q_proj" | "k_proj" | "v_proj" | "o_proj" | "gate_proj" | "up_proj" | "down_proj";

/** Dimensions of a Llama-family decoder; layers may differ in width, as they do after pruning. */
export interface DecoderShape {
  readonly hiddenSize: number;
  readonly headDim: number;
  readonly vocabSize: number;
  readonly maxPositions: number;
  readonly ropeTheta: number;
  readonly ropeScaling?: RopeScaling;
  readonly rmsNormEps: number;
  /** The output head shares the embedding matrix. */
  readonly tiedEmbeddings: boolean;
  /** Projections that add a learned bias, in every layer that has them. Left out: none. */
  readonly biases?: readonly ProjectionName[];
  /** Each head of q and k goes through an RMSNorm over its `headDim` numbers, before the rotary embedding. */
  readonly qkNorm?: boolean;
  readonly layers: readonly LayerShape[];
}
