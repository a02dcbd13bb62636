import type { DecoderShape } from "@espalier/contracts";
import type { UnitScores } from "../../units/scores.js";

/** Shares of importance that depend on where a unit sits, not on the unit: natural logs, 0 changes nothing. */
export interface LayerFactors {
  readonly attention: readonly number[];
  readonly mlp: readonly number[];
}

/** 1 − cosine between input and output of each block and sub-block, per layer, in [0, 2]: how much it changes. */
export interface BlockChange {
  readonly block: readonly number[];
  readonly attention: readonly number[];
  readonly mlp: readonly number[];
}

/** What a modifier may look at. */
export interface ModifierInput {
  readonly shape: DecoderShape;
  /** Importance per parameter before any modifier. */
  readonly densities: UnitScores;
  /** Absent where the profile did not measure it. */
  readonly blockChange?: BlockChange;
}

/** A bend of the densities with one strength; strength 0 gives all-zero factors. */
export interface Modifier {
  logFactors(input: ModifierInput, strength: number): LayerFactors;
}

/** Relative depth of a layer in [−1, 1], first layer −1; a single layer sits at 0. */
export function relativeDepth(layer: number, depth: number): number {
  return depth === 1 ? 0 : (2 * layer) / (depth - 1) - 1;
}
