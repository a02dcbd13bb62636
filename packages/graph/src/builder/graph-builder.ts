import { AppError } from "@espalier/contracts";
import { encodeModel, type OnnxConstant, type OnnxModel } from "../encoding/onnx-model.js";
import type { OnnxParameter } from "../encoding/stored-model.js";
import type { FinishedGraph, InputSpec } from "../finished-graph.js";
import { EdgeMismatch, type TypedShape } from "../ops/definition.js";
import { type OpAttributes, type OpName, operations } from "../ops/registry.js";
import type { StoredGraph } from "../stored-graph.js";
import { dtypeOf, type TensorArray } from "../tensor.js";
import { lowerNodes } from "./lower-nodes.js";
import type { GraphNode, NodeOf } from "./node.js";
import { type DType, describeShape, type Shape, type Value } from "./value.js";

/** Options of an input. */
export interface InputOptions {
  /** At run time the batch dimension may also be 1; inside the graph the value counts as batched. */
  readonly broadcastBatch?: boolean;
}

/**
 * Collects typed nodes and gives an ONNX model. Every node is checked as it is added; names follow from the order of
 * calls, so the same calls give the same bytes. Throws AppError GRAPH_INVALID naming operation, edge, expected and
 * found shape.
 */
export class GraphBuilder {
  readonly #inputs: (InputSpec & Value)[] = [];
  readonly #parameters: OnnxParameter[] = [];
  readonly #constants = new Map<string, OnnxConstant>();
  readonly #nodes: GraphNode[] = [];
  readonly #known = new Map<string, Value>();

  constructor(readonly name: string) {}

  /** Nodes so far, each after those it reads. */
  get nodes(): readonly GraphNode[] {
    return this.#nodes;
  }

  /** Declares a value that is fed at run time. */
  input(name: string, dtype: DType, shape: Shape, { broadcastBatch = false }: InputOptions = {}): Value {
    const input = { name, dtype, shape, broadcastBatch };
    this.#remember(input);
    this.#inputs.push(input);
    return input;
  }

  /** A value that is part of the model; asking again for the same name gives the same one. */
  constant(name: string, dims: readonly number[], data: () => TensorArray): Value {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const entry = { name, dims, data: data() };
    const size = dims.reduce((product, dim) => product * dim, 1);
    if (entry.data.length !== size) {
      throw new RangeError(`constant '${name}' ${describeShape(dims)} was given ${entry.data.length} numbers`);
    }
    this.#constants.set(name, entry);
    return this.#remember({ name, dtype: dtypeOf(entry.data), shape: dims });
  }

  /** A value that is part of the model, whose numbers only its file will have (see {@link finishStored}). */
  parameter(name: string, dtype: DType, dims: readonly number[]): Value {
    this.#parameters.push({ name, dtype, dims });
    return this.#remember({ name, dtype, shape: dims });
  }

  /** Adds a node and gives its first output. */
  add<K extends OpName>(op: K, inputs: readonly Value[], attributes: OpAttributes[K]): Value {
    return this.addAll(op, inputs, attributes)[0];
  }

  /** Adds a node and gives all of its outputs. */
  addAll<K extends OpName>(op: K, inputs: readonly Value[], attributes: OpAttributes[K]): readonly Value[] {
    const name = `${op}_${this.#nodes.length}`;
    for (const input of inputs) {
      if (this.#known.get(input.name) !== input) {
        throw new AppError("GRAPH_INVALID", `${op} → '${name}' reads '${input.name}', which is not of this graph.`);
      }
    }
    const outputs = this.#infer(op, name, inputs, attributes).map(({ dtype, shape }, index) =>
      this.#remember({ name: index === 0 ? name : `${name}.${index}`, dtype, shape }),
    );
    const node: NodeOf<K> = { op, inputs, outputs, attributes };
    this.#nodes.push(node as GraphNode);
    return outputs;
  }

  /** Encodes what the named outputs need; nodes that none of them needs are left out. */
  finish(outputs: Readonly<Record<string, Value>>): FinishedGraph {
    if (this.#parameters.length > 0)
      throw new RangeError(`graph '${this.name}' has parameters: its file has to be written`);
    const { model } = this.#lowered(outputs, false);
    return { bytes: encodeModel(model), inputs: model.inputs, outputs: model.outputs };
  }

  /**
   * The same for a graph whose parameters are written to a file: in operations that every execution provider has, and
   * with other names for the sizes that are known at run time only.
   */
  finishStored(outputs: Readonly<Record<string, Value>>, dimNames: NonNullable<OnnxModel["dimNames"]>): StoredGraph {
    const { model, reads } = this.#lowered(outputs, true);
    return { model: { ...model, dimNames }, parameters: this.#parameters.filter(({ name }) => reads.has(name)) };
  }

  #lowered(
    outputs: Readonly<Record<string, Value>>,
    portable: boolean,
  ): { readonly model: OnnxModel; readonly reads: ReadonlySet<string> } {
    for (const [name, value] of Object.entries(outputs)) {
      if (this.#known.get(value.name) !== value) {
        throw new AppError("GRAPH_INVALID", `Output '${name}' is '${value.name}', which is not of this graph.`);
      }
    }
    const lowered = lowerNodes(this.#nodes, outputs, portable);
    const constants = [...this.#constants.values(), ...lowered.constants].filter(({ name }) => lowered.reads.has(name));
    const inputs = this.#inputs.filter(({ name }) => lowered.reads.has(name));
    const specs = Object.entries(outputs).map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
    const model = { name: this.name, nodes: lowered.nodes, constants, inputs, outputs: specs };
    return { model, reads: lowered.reads };
  }

  #infer<K extends OpName>(
    op: K,
    name: string,
    inputs: readonly Value[],
    attributes: OpAttributes[K],
  ): readonly TypedShape[] {
    try {
      return operations[op].infer(inputs, attributes);
    } catch (error) {
      if (!(error instanceof EdgeMismatch)) throw error;
      const message = `${op} → '${name}', edge '${error.edge}': expected ${error.expected}, found ${error.found}.`;
      throw new AppError("GRAPH_INVALID", message, { cause: error });
    }
  }

  #remember<T extends Value>(value: T): T {
    if (this.#known.has(value.name)) {
      throw new AppError("GRAPH_INVALID", `Graph '${this.name}' has two values named '${value.name}'.`);
    }
    this.#known.set(value.name, value);
    return value;
  }
}
