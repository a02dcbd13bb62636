import { AppError, type DecoderShape, type ProjectionName } from "@espalier/contracts";
import { GraphBuilder } from "../builder/graph-builder.js";
import { type Dim, type FloatType, type Shape, times, type Value } from "../builder/value.js";
import { KeyValueCache } from "./key-value-cache.js";
import { inputNames, projectionWeight, weightNames } from "./names.js";
import type { AdapterOf, DecoderOptions, WeightPrecision } from "./options.js";
import { StoredWeights, type WeightForm } from "./stored-weights.js";

/** Which inputs a decoder graph has besides tokens and weights. */
export interface DecoderInputs {
  /** "experts": only those of experts. */
  readonly gates: boolean | "experts";
  readonly projectionBias: boolean;
  /** What each block adds to the hidden states is multiplied by a number. */
  readonly blockScales?: boolean;
  /** Widths of layers are symbols: the same graph runs with whatever heads and channels the weights have. */
  readonly elastic?: boolean;
  /** Low-rank adapters beside projections; default: none. */
  readonly adapters?: AdapterOf;
}

/** Dimensions of one layer; symbols in an elastic graph. */
export interface LayerDims {
  readonly kvHeads: Dim;
  readonly heads: Dim;
  /** Query heads that read one KV head. */
  readonly perKv: number;
  readonly channels: Dim;
  /** Experts that share the channels evenly; undefined where the MLP has none. */
  readonly experts?: Dim;
}

/** What one linear projection read and gave: statistics are made of these edges. */
export interface LinearTrace {
  readonly layer: number;
  readonly projection: ProjectionName;
  /** x [B, T, in]. */
  readonly input: Value;
  /** W [out, in]. */
  readonly weight: Value;
  /** y = x Wᵀ [B, T, out], before a bias. */
  readonly output: Value;
}

/** Hidden states [B, T, D] around a sub-block. */
export interface ResidualTrace {
  readonly layer: number;
  readonly part: "attention" | "mlp";
  readonly before: Value;
  readonly after: Value;
}

/** Which experts each token uses: 1 for those chosen, else 0, [B, T, experts]. */
export interface ExpertTrace {
  readonly layer: number;
  readonly chosen: Value;
}

/** A decoder graph under construction: the builder, the dimensions, and the edges that programs come back to. */
export class DecoderGraph {
  readonly builder: GraphBuilder;
  readonly shape: DecoderShape;
  /** Tokens per row, at most. */
  readonly tokens: number;
  /** Tokens per row as this graph writes them. */
  readonly length: Dim;
  readonly dtype: FloatType;
  /** The weights, where they are part of the graph. */
  readonly stored: StoredWeights | undefined;
  /** Keys and values of earlier tokens; undefined where every run begins a text. */
  readonly cache: KeyValueCache | undefined;
  readonly linears: LinearTrace[] = [];
  readonly residuals: ResidualTrace[] = [];
  readonly choices: ExpertTrace[] = [];
  readonly gates: { readonly layer: number; readonly part: "attention" | "mlp"; readonly value: Value }[] = [];
  readonly adapters: {
    readonly layer: number;
    readonly projection: ProjectionName;
    readonly a: Value;
    readonly b: Value;
  }[] = [];
  readonly blockScales: { readonly layer: number; readonly value: Value }[] = [];
  readonly #weights = new Map<string, Value>();
  readonly #precision: WeightPrecision;

  constructor(
    name: string,
    options: DecoderOptions,
    readonly has: DecoderInputs,
    /** The graph is one that is written to a file, with a cache and its weights inside in this form. */
    stored?: WeightForm,
  ) {
    const { shape, sequenceLength, dtype = "float32" } = options;
    if (!Number.isInteger(sequenceLength) || sequenceLength < 2 || sequenceLength > shape.maxPositions) {
      const message = `A sequence length of ${sequenceLength} does not fit: choose 2 to ${shape.maxPositions} tokens.`;
      throw new AppError("GRAPH_INVALID", message);
    }
    this.builder = new GraphBuilder(name);
    this.shape = shape;
    this.tokens = sequenceLength;
    this.dtype = dtype;
    this.#precision = options.weightPrecision ?? "full";
    this.length = stored === undefined ? sequenceLength : "S";
    this.stored = stored && new StoredWeights(this.builder, stored);
    this.cache = stored && new KeyValueCache(this.builder, stored === "float16" ? "float16" : "float32");
  }

  /** A weight by its Hugging Face name, as arithmetic reads it; the same name gives the same value. Of stored ones, vectors. */
  weight(name: string, shape: Shape): Value {
    if (this.stored !== undefined) return this.stored.vector(name, shape);
    const known = this.#weights.get(name);
    if (known !== undefined) return known;
    const halved = this.#precision === "half" && shape.length > 1;
    const fed = this.builder.input(name, halved ? "float16" : this.dtype, shape);
    const value = halved ? this.builder.add("Cast", [fed], { to: this.dtype }) : fed;
    this.#weights.set(name, value);
    return value;
  }

  /** Weights read so far. */
  get weights(): ReadonlyMap<string, Value> {
    return this.#weights;
  }

  projectionWeight(layer: number, projection: ProjectionName, out: Dim, columns: Dim): Value {
    return this.weight(projectionWeight(layer, projection), [out, columns]);
  }

  /** Dimensions of a layer, as this graph writes them. */
  layer(layer: number): LayerDims {
    const { heads, kvHeads, intermediateSize, experts } = this.shape.layers[layer];
    const perKv = kvHeads === 0 ? 0 : heads / kvHeads;
    if (!this.has.elastic) {
      const dims = { kvHeads, heads, perKv, channels: intermediateSize };
      return experts === undefined ? dims : { ...dims, experts: experts.count };
    }
    const attention = { kvHeads: `K${layer}`, heads: times(`K${layer}`, perKv), perKv } as const;
    if (experts === undefined) return { ...attention, channels: `F${layer}` };
    return { ...attention, channels: times(`E${layer}`, intermediateSize / experts.count), experts: `E${layer}` };
  }

  /** The matrix that turns hidden states into logits, [V, D]. */
  headWeight(): Value {
    const { hiddenSize, tiedEmbeddings, vocabSize } = this.shape;
    return this.weight(tiedEmbeddings ? weightNames.embedding : weightNames.head, [vocabSize, hiddenSize]);
  }

  /** The scale input of a block, [1], where this graph has scales. */
  blockScale(layer: number): Value | undefined {
    if (!this.has.blockScales) return undefined;
    const value = this.builder.input(inputNames.blockScale(layer), this.dtype, [1]);
    this.blockScales.push({ layer, value });
    return value;
  }

  /** The gate input of a sub-block, [1|B, width], where this graph has gates. */
  gate(layer: number, part: "attention" | "mlp", width: Dim): Value | undefined {
    const ofExperts = part === "mlp" && this.shape.layers[layer].experts !== undefined;
    if (!(this.has.gates === "experts" ? ofExperts : this.has.gates)) return undefined;
    const name = part === "attention" ? inputNames.attentionGate(layer) : inputNames.mlpGate(layer);
    const value = this.builder.input(name, this.dtype, ["B", width], { broadcastBatch: true });
    this.gates.push({ layer, part, value });
    return value;
  }

  /** The adapter inputs A [r, in] and B [out, r] of a projection, where it has any. */
  adapter(
    layer: number,
    projection: ProjectionName,
    columns: Dim,
    out: Dim,
  ): { readonly a: Value; readonly b: Value; readonly scale: number } | undefined {
    const adapter = this.has.adapters?.(layer, projection);
    if (adapter === undefined) return undefined;
    const { rank, scale } = adapter;
    const a = this.builder.input(inputNames.adapterA(layer, projection), this.dtype, [rank, columns]);
    const b = this.builder.input(inputNames.adapterB(layer, projection), this.dtype, [out, rank]);
    this.adapters.push({ layer, projection, a, b });
    return { a, b, scale };
  }
}
