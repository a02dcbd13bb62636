import { type DecoderShape, mlpUnits } from "@espalier/contracts";
import type { VectorScores } from "./vectors.js";

/** Importance per unit: `attention[layer]` has K numbers, `mlp[layer]` has F, or E for experts. Larger is more important. */
export interface UnitScores {
  readonly attention: readonly Float64Array[];
  readonly mlp: readonly Float64Array[];
}

/** Importance per query head, `[layer][H]`, on the scale of its metric's KV groups. */
export type QueryHeadScores = readonly Float64Array[];

/** What a metric gives: scores per vector, still to be aggregated, or scores per unit where only a unit has one. */
export type MetricScores =
  | { readonly per: "vector"; readonly layers: VectorScores }
  | { readonly per: "unit"; readonly scores: UnitScores; readonly queryHeads?: QueryHeadScores };

/** All-zero unit scores for a shape. */
export function emptyUnitScores(shape: DecoderShape): { attention: Float64Array[]; mlp: Float64Array[] } {
  return {
    attention: shape.layers.map((layer) => new Float64Array(layer.kvHeads)),
    mlp: shape.layers.map((layer) => new Float64Array(mlpUnits(layer))),
  };
}

/** Refuses unit scores that do not fit the shape or hold a number that is not finite (RangeError names the place). */
export function assertUnitScores(shape: DecoderShape, scores: UnitScores, name: string): void {
  for (const kind of ["attention", "mlp"] as const) {
    if (scores[kind].length !== shape.layers.length) {
      throw new RangeError(
        `${name}: ${kind} scores of ${scores[kind].length} layers, the model has ${shape.layers.length}`,
      );
    }
    shape.layers.forEach((layer, l) => {
      const units = kind === "attention" ? layer.kvHeads : mlpUnits(layer);
      const given = scores[kind][l];
      if (given.length !== units)
        throw new RangeError(`${name}: layer ${l} has ${units} ${kind} units, got ${given.length}`);
      const bad = given.findIndex((x) => !Number.isFinite(x));
      if (bad >= 0) throw new RangeError(`${name}: ${kind} score ${bad} of layer ${l} is ${given[bad]}`);
    });
  }
}
