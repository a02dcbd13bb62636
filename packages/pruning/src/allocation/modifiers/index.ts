import type { UnitScores } from "../../units/scores.js";
import { attentionFactor } from "./attention-factor.js";
import { depthCurvature } from "./depth-curvature.js";
import { depthTilt } from "./depth-tilt.js";
import { equalisation } from "./equalisation.js";
import type { Modifier, ModifierInput } from "./modifier.js";

export type { BlockChange, ModifierInput } from "./modifier.js";

import { similarity } from "./similarity.js";

/** Bends of the densities over layers and kinds, each with one strength, neutral at 0. */
export const modifierNames = ["attentionFactor", "depthTilt", "depthCurvature", "equalisation", "similarity"] as const;
export type ModifierName = (typeof modifierNames)[number];

const registry = { attentionFactor, depthTilt, depthCurvature, equalisation, similarity } as const satisfies Record<
  ModifierName,
  Modifier
>;

/** Densities with all modifiers applied; unchanged to the last bit where every strength is 0. Order inside a layer and kind stays. */
export function modifyDensities(input: ModifierInput, strengths: Readonly<Record<ModifierName, number>>): UnitScores {
  const { shape, densities } = input;
  const attention = shape.layers.map(() => 0);
  const mlp = shape.layers.map(() => 0);
  for (const name of modifierNames) {
    const modifier: Modifier = registry[name];
    const factors = modifier.logFactors(input, strengths[name]);
    factors.attention.forEach((x, l) => {
      attention[l] += x;
    });
    factors.mlp.forEach((x, l) => {
      mlp[l] += x;
    });
  }
  const scale = (values: Float64Array, logFactor: number) => values.map((x) => x * Math.exp(logFactor));
  return {
    attention: densities.attention.map((values, l) => scale(values, attention[l])),
    mlp: densities.mlp.map((values, l) => scale(values, mlp[l])),
  };
}
