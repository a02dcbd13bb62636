import { describeShape, factorOf } from "./builder/value.js";
import type { FinishedGraph, InputSpec } from "./finished-graph.js";
import { dtypeOf, type Feeds, type TensorData } from "./tensor.js";

/**
 * Checks feeds against a graph's inputs: the runtime ignores unknown names silently and reports wrong dimensions by
 * inner node names. Throws RangeError (names, dimensions) or TypeError (element types) that say what is expected.
 */
export function checkFeeds(graph: FinishedGraph, feeds: Feeds): void {
  const known = new Set(graph.inputs.map(({ name }) => name));
  const unknown = Object.keys(feeds).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new RangeError(`unknown feeds ${quoted(unknown)}; the graph reads ${quoted([...known])}`);
  }
  const missing = [...known].filter((name) => !Object.hasOwn(feeds, name));
  if (missing.length > 0) throw new RangeError(`missing feeds ${quoted(missing)}`);
  let batch: { readonly size: number; readonly from: string } | undefined;
  for (const input of graph.inputs) {
    const size = checkFeed(input, feeds[input.name]);
    if (size === undefined || (size === 1 && input.broadcastBatch)) continue;
    if (batch !== undefined && batch.size !== size) {
      throw new RangeError(`'${input.name}' has a batch of ${size}, '${batch.from}' one of ${batch.size}`);
    }
    batch ??= { size, from: input.name };
  }
}

/** Checks one feed; gives its batch size where it has a batch dimension. */
function checkFeed({ name, dtype, shape }: InputSpec, { data, dims }: TensorData): number | undefined {
  const found = dtypeOf(data);
  if (found !== dtype) throw new TypeError(`'${name}' must be ${dtype}, the feed is ${found}`);
  let batch: number | undefined;
  const fits =
    dims.length === shape.length &&
    shape.every((dim, axis) => {
      const [factor, batched] = factorOf(dim);
      if (!batched) return dims[axis] === factor;
      batch = dims[axis] / factor;
      return Number.isInteger(batch) && batch > 0;
    });
  if (!fits) throw new RangeError(`'${name}' must be ${describeShape(shape)}, the feed is ${describeShape(dims)}`);
  const count = dims.reduce((product, dim) => product * dim, 1);
  if (data.length !== count) {
    throw new RangeError(`'${name}' ${describeShape(dims)} takes ${count} numbers, the feed has ${data.length}`);
  }
  return batch;
}

/** Names in quotes; long lists are cut, for a graph reads every weight of a model. */
function quoted(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => `'${name}'`);
  return names.length > shown.length ? `${shown.join(", ")} and ${names.length - shown.length} more` : shown.join(", ");
}
