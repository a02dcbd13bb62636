import type { OpAttributes, OpName } from "../ops/registry.js";
import type { Value } from "./value.js";

/** One application of an operation. */
export interface NodeOf<K extends OpName> {
  readonly op: K;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: OpAttributes[K];
}

/** A node of any operation. */
export type GraphNode = { readonly [K in OpName]: NodeOf<K> }[OpName];
