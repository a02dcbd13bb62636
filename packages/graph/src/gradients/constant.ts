import type { OpName } from "../ops/registry.js";
import type { GradientRule } from "./rule.js";

/** For what jumps or decides instead of varying, such as a choice of experts: nothing goes back to any input. */
export const constantGradient: GradientRule<OpName> = (_g, { inputs }) => inputs.map(() => undefined);
