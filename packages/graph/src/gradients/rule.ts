import type { GraphBuilder } from "../builder/graph-builder.js";
import type { NodeOf } from "../builder/node.js";
import type { Value } from "../builder/value.js";
import type { OpName } from "../ops/registry.js";

/**
 * Emits the nodes that give the gradient of each input, `undefined` for one that is not asked for or is always 0.
 * `dy` is the gradient of the node's first output; further outputs are only there for these rules to read.
 * `needs[i]` is false where nobody asks for the gradient of input i: nodes for it need not be emitted.
 */
export type GradientRule<K extends OpName> = (
  g: GraphBuilder,
  node: NodeOf<K>,
  dy: Value,
  needs: readonly boolean[],
) => readonly (Value | undefined)[];
