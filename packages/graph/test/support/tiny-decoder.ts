import type { DecoderShape, LayerShape } from "@espalier/contracts";
import { type Feeds, type FinishedGraph, inputNames, projectionNames, type TensorData } from "@espalier/graph";
import { randomNumbers } from "./random.js";
import { idTensor } from "./tensors.js";

/** Rows of token ids that every tiny decoder knows. */
export const TINY_IDS = [
  [1, 5, 3, 8, 2, 2],
  [1, 0, 10, 4, 9, 6],
  [1, 7, 7, 3, 5, 10],
];
export const TINY_TOKENS = 6;

/** What a shape may say beyond its widths. */
export type ShapeOptions = Pick<DecoderShape, "ropeScaling" | "biases" | "qkNorm">;

/** A decoder small enough for finite differences over every weight. */
export function tinyShape(
  layers: readonly LayerShape[],
  tiedEmbeddings = true,
  options: ShapeOptions = {},
): DecoderShape {
  return {
    hiddenSize: 6,
    headDim: 4,
    vocabSize: 11,
    maxPositions: 16,
    ropeTheta: 100,
    rmsNormEps: 1e-5,
    tiedEmbeddings,
    layers,
    ...options,
  };
}

/** Grouped queries, a plain attention, no attention and no MLP: layers that differ, as after pruning. */
export const UNEQUAL_LAYERS: readonly LayerShape[] = [
  { heads: 4, kvHeads: 2, intermediateSize: 5 },
  { heads: 1, kvHeads: 1, intermediateSize: 7 },
  { heads: 0, kvHeads: 0, intermediateSize: 3 },
  { heads: 2, kvHeads: 1, intermediateSize: 0 },
];

/** What the families add to a plain Llama; windows are shorter than the tiny rows. */
export const shapeOptions: readonly {
  readonly name: string;
  readonly options: ShapeOptions;
  readonly window?: number;
}[] = [
  {
    name: "biases of q, k and v, linear rope scaling",
    options: { biases: ["q_proj", "k_proj", "v_proj"], ropeScaling: { type: "linear", factor: 3 } },
  },
  { name: "normalised queries and keys, a window", options: { qkNorm: true }, window: 2 },
  {
    name: "biases of all projections, llama3 rope scaling, a window",
    options: {
      biases: projectionNames,
      ropeScaling: {
        type: "llama3",
        factor: 8,
        lowFrequencyFactor: 1,
        highFrequencyFactor: 4,
        originalMaxPositions: 10,
      },
    },
    window: 3,
  },
];

/** The layers with a window in every other one. */
export const windowed = (layers: readonly LayerShape[], window: number | undefined): readonly LayerShape[] =>
  layers.map((layer, l) => (window === undefined || l % 2 === 1 ? layer : { ...layer, slidingWindow: window }));

/** Whether an input of a graph is a tensor of the model. */
export const isTensor = (name: string): boolean => name.startsWith("model.") || name === "lm_head.weight";

/** Mixtures of experts, both ways to weigh them, the second one with a single expert per token. */
export const EXPERT_LAYERS: readonly LayerShape[] = [
  { heads: 2, kvHeads: 1, intermediateSize: 12, experts: { count: 4, perToken: 2, normalised: true } },
  { heads: 2, kvHeads: 2, intermediateSize: 6, experts: { count: 3, perToken: 1, normalised: false } },
];

/** Random float64 values for the weights and gates of a graph; norms and gates around 1; the same for the same name. */
export function randomFeeds(graph: FinishedGraph, seed = 1): Record<string, TensorData> {
  const feeds: Record<string, TensorData> = {};
  for (const { name, dtype, shape } of graph.inputs) {
    if (dtype === "int64" || name === inputNames.tokenWeights) continue;
    const dims = shape.map((dim) => (dim === "B" ? 1 : Number(dim)));
    const size = dims.reduce((product, dim) => product * dim, 1);
    const centre = name.includes("norm") || name.startsWith("gates.") ? 1 : 0;
    const nameSeed = [...name].reduce((hash, char) => Math.imul(hash, 31) + char.charCodeAt(0), seed);
    const data = randomNumbers(size, nameSeed).map((value) => centre + (centre === 1 ? 0.3 : 0.6) * value);
    feeds[name] = { data, dims };
  }
  return feeds;
}

/** The tiny ids with unequal token weights, the last row's first token and the first row's last one left out. */
export function tinyBatch(rows = TINY_IDS): Feeds {
  const weights = randomNumbers(rows.length * (TINY_TOKENS - 1), 5).map((value) => 0.6 + 0.4 * value);
  weights[TINY_TOKENS - 2] = 0;
  return {
    [inputNames.inputIds]: idTensor(rows),
    [inputNames.tokenWeights]: { data: weights, dims: [rows.length, TINY_TOKENS - 1] },
  };
}

/** Float64 feeds as float32, to run what is really used. */
export function toFloat32(feeds: Feeds): Feeds {
  const convert = ({ data, dims }: TensorData): TensorData =>
    data instanceof Float64Array ? { data: Float32Array.from(data), dims } : { data, dims };
  return Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, convert(tensor)]));
}
