import { AppError, type DecoderShape, type ProjectionName } from "@espalier/contracts";
import { sameWidths } from "@espalier/model";

/** How llama.cpp computes a model, by the name of an architecture. */
export interface Architecture {
  readonly name: "llama" | "deci" | "qwen2" | "qwen3";
  /** Widths are lists, a number per layer. */
  readonly widthsPerLayer: boolean;
  /** The rotary embedding pairs neighbouring rows of q and k; otherwise the halves of a head, as Hugging Face does. */
  readonly pairsNeighbours: boolean;
  /** Whether the architecture computes models of this shape. */
  holds(shape: DecoderShape): boolean;
}

const inputs: readonly ProjectionName[] = ["q_proj", "k_proj", "v_proj"];

const equalLayers = ({ layers: [first, ...others] }: DecoderShape): boolean =>
  others.every((other) => first !== undefined && sameWidths(first, other));

const biasedLike = ({ biases = [] }: DecoderShape, wanted: readonly ProjectionName[]): boolean =>
  biases.length === wanted.length && wanted.every((projection) => biases.includes(projection));

/** `qwen2` wants queries as wide as the states. */
const wholeHeads = ({ layers, headDim, hiddenSize }: DecoderShape): boolean =>
  layers.every(({ heads }) => heads * headDim === hiddenSize);

/** Frequencies of their own are a tensor, which only `llama` and `deci` read. */
const ownFrequencies = ({ ropeScaling }: DecoderShape): boolean => ropeScaling?.type === "llama3";

/** In the order in which they are tried. */
const architectures: readonly Architecture[] = [
  {
    name: "qwen3",
    widthsPerLayer: false,
    pairsNeighbours: false,
    holds: (shape) => shape.qkNorm === true && equalLayers(shape) && biasedLike(shape, []) && !ownFrequencies(shape),
  },
  {
    name: "qwen2",
    widthsPerLayer: false,
    pairsNeighbours: false,
    holds: (shape) =>
      !shape.qkNorm && equalLayers(shape) && biasedLike(shape, inputs) && !ownFrequencies(shape) && wholeHeads(shape),
  },
  // Both add whatever biases a file has, so that they serve a Mistral and a Qwen2 as well.
  {
    name: "llama",
    widthsPerLayer: false,
    pairsNeighbours: true,
    holds: (shape) => !shape.qkNorm && equalLayers(shape),
  },
  { name: "deci", widthsPerLayer: true, pairsNeighbours: true, holds: (shape) => !shape.qkNorm },
];

/** The first architecture that holds a shape. Throws AppError VALIDATION_FAILED with what to do where none does. */
export function architectureOf(shape: DecoderShape): Architecture {
  refuseWindows(shape);
  const found = architectures.find((architecture) => architecture.holds(shape));
  if (found !== undefined) return found;
  throw new AppError(
    "VALIDATION_FAILED",
    "The profile 'gguf' cannot hold this model: llama.cpp normalises queries and keys (Qwen3) in layers of equal widths only, without biases and llama3 rope scaling. Set target.layout to 'uniform' and leave out the compensation 'bias', or choose the profile 'padded' or 'native'.",
    { errors: [{ detail: "'gguf' has no architecture for this model", pointer: "/export/profiles" }] },
  );
}

/** llama.cpp computes these architectures without windows, which is another function for longer texts. */
function refuseWindows({ layers, maxPositions }: DecoderShape): void {
  const windows = layers.flatMap(({ slidingWindow = maxPositions }) =>
    slidingWindow < maxPositions ? slidingWindow : [],
  );
  if (windows.length === 0) return;
  throw new AppError(
    "VALIDATION_FAILED",
    `The profile 'gguf' cannot hold this model: llama.cpp would ignore its sliding window of ${windows[0]} tokens. Choose the profile 'padded' or 'native'.`,
    { errors: [{ detail: "'gguf' has no sliding windows", pointer: "/export/profiles" }] },
  );
}

/** The architecture that a file names. Throws RangeError for one that we do not write. */
export function architectureNamed(name: unknown): Architecture {
  const found = architectures.find((architecture) => architecture.name === name);
  if (found === undefined) throw new RangeError(`'${String(name)}' is no architecture that we write`);
  return found;
}
