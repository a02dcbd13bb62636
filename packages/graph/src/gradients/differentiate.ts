import { add } from "../builder/expressions.js";
import type { GraphBuilder } from "../builder/graph-builder.js";
import type { GraphNode, NodeOf } from "../builder/node.js";
import { describeShape, sameShape, type Value } from "../builder/value.js";
import type { OpName } from "../ops/registry.js";
import { gradients } from "./registry.js";

/**
 * Reverse mode: emits nodes for d(Σ seed · value)/d(x) for every x of `wrt`, in its order. The seed has the value's
 * shape; for a loss over tokens it is their weights. `wrt` may hold inputs and inner values alike, also values that
 * are computed from one another: each gets its whole gradient. Throws RangeError where `value` does not depend on one.
 */
export function differentiate(g: GraphBuilder, value: Value, seed: Value, wrt: readonly Value[]): readonly Value[] {
  if (!sameShape(value.shape, seed.shape)) {
    throw new RangeError(
      `the seed ${describeShape(seed.shape)} of '${value.name}' must be ${describeShape(value.shape)}`,
    );
  }
  const forward = [...g.nodes];
  const active = dependents(forward, wrt);
  const found = new Map<Value, Value>([[value, seed]]);
  for (const node of forward.toReversed()) backward(g, node, active, found);
  return wrt.map((x) => {
    const gradient = found.get(x);
    if (gradient === undefined) throw new RangeError(`'${value.name}' does not depend on '${x.name}'`);
    return gradient;
  });
}

/** Adds what one node passes back to the gradients of its inputs. */
function backward<K extends OpName>(
  g: GraphBuilder,
  node: NodeOf<K>,
  active: ReadonlySet<Value>,
  found: Map<Value, Value>,
): void {
  const dy = found.get(node.outputs[0]);
  if (dy === undefined) return;
  const needs = node.inputs.map((input) => active.has(input));
  if (!needs.includes(true)) return;
  gradients[node.op](g, node, dy, needs).forEach((gradient, index) => {
    const input = node.inputs[index];
    if (gradient === undefined || !active.has(input)) return;
    if (!sameShape(gradient.shape, input.shape)) {
      const shapes = `${describeShape(gradient.shape)}, its value is ${describeShape(input.shape)}`;
      throw new RangeError(`${node.op}: the gradient of '${input.name}' is ${shapes}`);
    }
    const sum = found.get(input);
    found.set(input, sum === undefined ? gradient : add(g, sum, gradient));
  });
}

/** The given values and all that is computed from them. */
function dependents(nodes: readonly GraphNode[], roots: readonly Value[]): ReadonlySet<Value> {
  const active = new Set(roots);
  for (const { inputs, outputs } of nodes) {
    if (inputs.some((input) => active.has(input))) for (const output of outputs) active.add(output);
  }
  return active;
}
