import type { OpName } from "../ops/registry.js";
import type { GradientRule } from "./rule.js";

/** For operations that are only used where nothing is differentiated any more; says so when it is asked. */
export function noGradient<K extends OpName>(reason: string): GradientRule<K> {
  return (_g, { op, outputs }) => {
    throw new RangeError(`${op} → '${outputs[0].name}' cannot be differentiated: ${reason}`);
  };
}
