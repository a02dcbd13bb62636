import { type Dim, type DimSymbol, describeShape, factorOf } from "./builder/value.js";
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
  const sizes: Sizes = new Map();
  for (const input of graph.inputs) checkFeed(input, feeds[input.name], sizes);
}

/** What each symbol stands for in this run, and the input that said so. */
type Sizes = Map<DimSymbol, { readonly size: number; readonly from: string }>;

function checkFeed({ name, dtype, shape, broadcastBatch }: InputSpec, { data, dims }: TensorData, sizes: Sizes): void {
  const found = dtypeOf(data);
  if (found !== dtype) throw new TypeError(`'${name}' must be ${dtype}, the feed is ${found}`);
  const fits = dims.length === shape.length && shape.every((dim, axis) => fitsDim(dim, dims[axis]));
  if (!fits) throw new RangeError(`'${name}' must be ${describeShape(shape)}, the feed is ${describeShape(dims)}`);
  const count = dims.reduce((product, dim) => product * dim, 1);
  if (data.length !== count) {
    throw new RangeError(`'${name}' ${describeShape(dims)} takes ${count} numbers, the feed has ${data.length}`);
  }
  shape.forEach((dim, axis) => {
    const [factor, symbol] = factorOf(dim);
    const size = dims[axis] / factor;
    if (symbol === undefined || (symbol === "B" && broadcastBatch && size === 1)) return;
    const known = sizes.get(symbol);
    if (known === undefined) sizes.set(symbol, { size, from: name });
    else if (known.size !== size) {
      throw new RangeError(`'${name}' makes ${symbol} = ${size}, '${known.from}' makes it ${known.size}`);
    }
  });
}

/** Whether a size is the fixed one, or a whole positive multiple of what the symbol is multiplied by. */
function fitsDim(dim: Dim, size: number): boolean {
  const [factor, symbol] = factorOf(dim);
  return symbol === undefined ? size === factor : size > 0 && size % factor === 0;
}

/** Names in quotes; long lists are cut, for a graph reads every weight of a model. */
function quoted(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => `'${name}'`);
  return names.length > shown.length ? `${shown.join(", ")} and ${names.length - shown.length} more` : shown.join(", ");
}
