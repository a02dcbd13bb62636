import type { Feeds } from "@espalier/graph";

/** Biases by graph input name as feeds; none for a model without. */
export const biasFeeds = (biases: ReadonlyMap<string, Float32Array>): Feeds =>
  Object.fromEntries([...biases].map(([name, data]) => [name, { data, dims: [data.length] }]));
