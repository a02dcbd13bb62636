/** Widths of one decoder block. Zero heads: the block has no attention; zero `intermediateSize`: no MLP. */
export interface LayerShape {
  /** Query heads H. */
  readonly heads: number;
  /** Key-value heads K; divides H. Query head j reads key-value head ⌊j / (H/K)⌋. */
  readonly kvHeads: number;
  /** MLP channels F. */
  readonly intermediateSize: number;
}

/** Dimensions of a Llama-family decoder; layers may differ in width, as they do after pruning. */
export interface DecoderShape {
  readonly hiddenSize: number;
  readonly headDim: number;
  readonly vocabSize: number;
  readonly maxPositions: number;
  readonly ropeTheta: number;
  readonly rmsNormEps: number;
  /** The output head shares the embedding matrix. */
  readonly tiedEmbeddings: boolean;
  readonly layers: readonly LayerShape[];
}
