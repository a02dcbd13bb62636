import { type DecoderShape, mlpUnits } from "@espalier/contracts";
import { unitCosts } from "../units/costs.js";
import { assertUnitScores, type UnitScores } from "../units/scores.js";
import { type NormalisationName, normalise } from "./normalise.js";

/** One metric of a mixture. */
export interface MixtureTerm {
  readonly name: string;
  /** ≥ 0; the weights of a mixture are divided by their sum. */
  readonly weight: number;
  readonly scores: UnitScores;
}

export interface MixtureOptions {
  readonly normalisation: NormalisationName;
  /** Exponent on the normalised scores, > 0. */
  readonly power: number;
}

/**
 * Importance per parameter of every unit: Σ_m weight_m · normalise(score_m / cost)^power.
 * With one term, normalisation `none` and power 1 it is that metric's score per cost to the last bit.
 * All weights 0 means no opinion: all terms then count the same. Result is finite and ≥ 0.
 */
export function mixDensities(shape: DecoderShape, terms: readonly MixtureTerm[], options: MixtureOptions): UnitScores {
  if (terms.length === 0) throw new RangeError("a mixture needs at least one metric");
  if (!(options.power > 0 && options.power < Infinity)) throw new RangeError(`power ${options.power} is not above 0`);
  const weights = mixtureWeights(terms);
  let total: Float64Array | undefined;
  terms.forEach((term, m) => {
    if (weights[m] === 0) return;
    const values = normalise(flatDensities(shape, term.scores, term.name), options.normalisation);
    if (options.power !== 1) for (let i = 0; i < values.length; i++) values[i] **= options.power;
    total ??= new Float64Array(values.length);
    for (let i = 0; i < values.length; i++) total[i] += weights[m] * values[i];
  });
  return split(shape, total ?? new Float64Array(0));
}

/** Weights that sum to 1; all alike where none is above 0. RangeError for a weight that is negative or not finite. */
export function mixtureWeights(terms: readonly Pick<MixtureTerm, "name" | "weight">[]): number[] {
  for (const term of terms) {
    if (!(term.weight >= 0 && term.weight < Infinity)) {
      throw new RangeError(`weight of metric '${term.name}' is ${term.weight}, expected a finite number ≥ 0`);
    }
  }
  const sum = terms.reduce((total, term) => total + term.weight, 0);
  return terms.map((term) => (sum > 0 ? term.weight / sum : 1 / terms.length));
}

/** All units in one array, layer by layer, attention before MLP. */
function flatDensities(shape: DecoderShape, scores: UnitScores, name: string): Float64Array {
  assertUnitScores(shape, scores, name);
  const costs = unitCosts(shape);
  const flat = new Float64Array(shape.layers.reduce((n, layer) => n + layer.kvHeads + mlpUnits(layer), 0));
  let at = 0;
  shape.layers.forEach((_, l) => {
    for (const score of scores.attention[l]) flat[at++] = score / costs.attention[l];
    for (const score of scores.mlp[l]) flat[at++] = score / costs.mlp[l];
  });
  return flat;
}

function split(shape: DecoderShape, flat: Float64Array): UnitScores {
  const attention: Float64Array[] = [];
  const mlp: Float64Array[] = [];
  let at = 0;
  for (const layer of shape.layers) {
    const middle = at + layer.kvHeads;
    const end = middle + mlpUnits(layer);
    attention.push(flat.slice(at, middle));
    mlp.push(flat.slice(middle, end));
    at = end;
  }
  return { attention, mlp };
}
