import { type DecoderShape, type LayerShape, mlpUnits, type ProjectionName } from "@espalier/contracts";

export type { ProjectionName };

/** Linear maps of a decoder block, in the order of the forward pass. */
export const projectionNames = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"] as const;

/** The two maps whose inputs are pruned, and which compensation can therefore refit. */
export const outputProjectionNames = ["o_proj", "down_proj"] as const;
export type OutputProjectionName = (typeof outputProjectionNames)[number];

/** The two kinds of unit: a KV group of the attention, or a channel (of a mixture: an expert) of the MLP. */
export const unitKinds = ["attention", "mlp"] as const;
export type UnitKind = (typeof unitKinds)[number];

/**
 * Scores of one layer, one number per vector: output rows of q, k, v, gate and up; input columns of o and down.
 * A metric that looks only at some matrices leaves the others out.
 */
export type LayerVectorScores = { readonly [P in ProjectionName]?: Float64Array };

/** One metric's scores per vector, layer by layer. */
export type VectorScores = readonly LayerVectorScores[];

/** Vectors of a projection in a layer: H·d for q and o, K·d for k and v, F for the MLP. */
export function vectorCount(shape: DecoderShape, layer: LayerShape, projection: ProjectionName): number {
  switch (projection) {
    case "q_proj":
    case "o_proj":
      return layer.heads * shape.headDim;
    case "k_proj":
    case "v_proj":
      return layer.kvHeads * shape.headDim;
    case "gate_proj":
    case "up_proj":
    case "down_proj":
      return layer.intermediateSize;
    default: {
      const impossible: never = projection;
      throw new TypeError(`unknown projection ${String(impossible)}`);
    }
  }
}

/** Vectors of one KV group, MLP channel or expert in a projection: r·d, d, 1 or F/E, always neighbours. */
export function vectorsPerUnit(shape: DecoderShape, layer: LayerShape, projection: ProjectionName): number {
  const units = kindOf(projection) === "attention" ? layer.kvHeads : mlpUnits(layer);
  return units === 0 ? 0 : vectorCount(shape, layer, projection) / units;
}

/** The kind of unit that a projection's vectors belong to. */
export function kindOf(projection: ProjectionName): UnitKind {
  return projection === "gate_proj" || projection === "up_proj" || projection === "down_proj" ? "mlp" : "attention";
}

/** Whether compensation refits a projection: what feeds experts changes with the choice of the router. */
export const isRefitted = ({ experts }: LayerShape, projection: OutputProjectionName): boolean =>
  projection === "o_proj" || experts === undefined;
