import { conditionalDimensions } from "./condition.js";
import { type Dimension, toDimension } from "./dimension.js";
import type { Parameter } from "./parameter.js";

/** A checked search space; build it with `defineSpace`. Dimensions keep the order of the parameters. */
export interface Space {
  readonly parameters: readonly Parameter[];
  readonly dimensions: readonly Dimension[];
}

/**
 * Checks and normalises a list of parameters.
 * @throws RangeError naming the parameter that is malformed, whose name occurs twice or whose condition is impossible.
 */
export function defineSpace(parameters: readonly Parameter[]): Space {
  const seen = new Set<string>();
  for (const { name } of parameters) {
    if (seen.has(name)) throw new RangeError(`parameter '${name}' is defined twice`);
    seen.add(name);
  }
  return { parameters: [...parameters], dimensions: conditionalDimensions(parameters, parameters.map(toDimension)) };
}
