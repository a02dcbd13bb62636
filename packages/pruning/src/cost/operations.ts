import type { DecoderShape, LayerShape } from "@espalier/contracts";

/** Multiplications and additions, by what does them: their speeds differ by orders of magnitude. */
export interface Operations {
  /** Forward passes, float32, in the graph runtime. */
  readonly forward: number;
  /** Forward and backward passes with the sums that they feed, float32, in the graph runtime. */
  readonly gradients: number;
  /** Factorisations, solves and inverses, float64. */
  readonly algebra: number;
}

/** Sum of amounts, each so many times. */
export function sumOperations(terms: readonly (readonly [times: number, amount: Partial<Operations>])[]): Operations {
  const of = (kind: keyof Operations): number =>
    terms.reduce((sum, [times, amount]) => sum + times * (amount[kind] ?? 0), 0);
  return { forward: of("forward"), gradients: of("gradients"), algebra: of("algebra") };
}

/**
 * Operations of a forward pass over `tokens` tokens in windows of `sequenceLength`: two per weight of every linear map (of all
 * experts: graphs compute them for every token) and of the head, and the attention's products, which are computed over whole windows. Norms and activations are left out.
 */
export function forwardOperations(shape: DecoderShape, sequenceLength: number, tokens: number): number {
  const { hiddenSize, headDim, vocabSize } = shape;
  const block = ({ heads, kvHeads, intermediateSize }: LayerShape): number =>
    2 * hiddenSize * headDim * (2 * heads + 2 * kvHeads) +
    4 * heads * headDim * sequenceLength +
    6 * hiddenSize * intermediateSize;
  return tokens * (shape.layers.reduce((sum, layer) => sum + block(layer), 0) + 2 * hiddenSize * vocabSize);
}

/** Of the statistics of `tokens` tokens: forward, twice as much backward, and the Gram matrices of o_proj's and down_proj's inputs. */
export function statisticsOperations(shape: DecoderShape, sequenceLength: number, tokens: number): number {
  const gram = inputsOf(shape).reduce((sum, inputs) => sum + 2 * inputs * inputs, 0);
  return 3 * forwardOperations(shape, sequenceLength, tokens) + tokens * gram;
}

/** Of the inverses of all Gram matrices: about 2n³ each. */
export const inverseOperations = (shape: DecoderShape): number =>
  inputsOf(shape).reduce((sum, inputs) => sum + 2 * inputs ** 3, 0);

/**
 * Of one refit at a sparsity, the same share of every input gone: Cholesky of the smaller of the kept and the removed part,
 * solves for every output, and the product that carries the correction over.
 */
export function repairOperations(shape: DecoderShape, sparsity: number): number {
  const outputs = shape.hiddenSize;
  return inputsOf(shape).reduce((sum, inputs) => {
    const [removed, kept] = [sparsity * inputs, (1 - sparsity) * inputs];
    const order = Math.min(removed, kept);
    return sum + order ** 3 / 3 + 2 * outputs * order * order + 2 * outputs * removed * kept;
  }, 0);
}

/** Of the greedy order of a whole layer's inputs, least important first: a rank-one update of what is left for each. */
export const eliminationOperations = (shape: DecoderShape): number =>
  inputsOf(shape).reduce((sum, inputs) => sum + (2 / 3) * inputs ** 3, 0);

/** Inputs of o_proj and down_proj of every layer, experts excepted: orders of the Gram matrices. */
const inputsOf = ({ layers, headDim }: DecoderShape): readonly number[] =>
  layers.flatMap(({ heads, intermediateSize, experts }) => [
    heads * headDim,
    ...(experts === undefined ? [intermediateSize] : []),
  ]);

/** The same shape with a share of every layer's heads and channels gone: widths need not be whole, only work is counted. */
export function shrunk(shape: DecoderShape, sparsity: number): DecoderShape {
  const kept = 1 - sparsity;
  return {
    ...shape,
    layers: shape.layers.map(({ heads, kvHeads, intermediateSize, ...rest }) => ({
      ...rest,
      heads: kept * heads,
      kvHeads: kept * kvHeads,
      intermediateSize: kept * intermediateSize,
    })),
  };
}
