import type { GradientRule } from "./rule.js";

/** A rotation's transpose is the rotation back: dx = rope(dy) with the sign of the angles changed. */
export const ropeGradient: GradientRule<"Rope"> = (g, { attributes }, dy) => [
  g.add("Rope", [dy], { ...attributes, inverse: !attributes.inverse }),
];
