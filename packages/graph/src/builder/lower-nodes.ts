import type { OnnxConstant, OnnxNode } from "../encoding/onnx-model.js";
import type { NodeOptions, OnnxEmitter } from "../ops/definition.js";
import { type OpAttributes, type OpName, operations } from "../ops/registry.js";
import type { TensorArray } from "../tensor.js";
import type { GraphNode, NodeOf } from "./node.js";
import type { FloatType, Value } from "./value.js";

/** ONNX's form of a graph. */
export interface LoweredNodes {
  readonly nodes: readonly OnnxNode[];
  /** Constants that lowering added. */
  readonly constants: readonly OnnxConstant[];
  /** Names that some node reads. */
  readonly reads: ReadonlySet<string>;
}

/** Lowers the nodes that the outputs need and gives the outputs their names. */
export function lowerNodes(
  nodes: readonly GraphNode[],
  outputs: Readonly<Record<string, Value>>,
  portable: boolean,
): LoweredNodes {
  const needed = neededNodes(nodes, Object.values(outputs));
  const produced = new Set(needed.flatMap((node) => node.outputs));
  const emitter = new Emitter(portable);
  const names = new Map<Value, string>();
  const aliases: [from: Value, to: string][] = [];
  for (const [name, value] of Object.entries(outputs)) {
    // An input, a constant or a value that already has an output's name is copied under the new one.
    if (!produced.has(value) || names.has(value)) aliases.push([value, name]);
    else names.set(value, name);
  }
  const rename = (value: Value): Value => ({ ...value, name: names.get(value) ?? value.name });
  const readValues = new Set([...needed.flatMap((node) => node.inputs), ...Object.values(outputs)]);
  for (const node of needed) lowerNode(node, rename, readValues, emitter);
  for (const [from, to] of aliases) emitter.node("Identity", [rename(from).name], { outputs: [to] });
  const reads = new Set(emitter.nodes.flatMap(({ inputs }) => inputs));
  return { nodes: emitter.nodes, constants: [...emitter.constants.values()], reads };
}

function lowerNode<K extends OpName>(
  node: NodeOf<K>,
  rename: (value: Value) => Value,
  readValues: ReadonlySet<Value>,
  emitter: Emitter,
): void {
  emitter.prefix = node.outputs[0].name;
  operations[node.op].lower(
    {
      inputs: node.inputs.map(rename),
      outputs: node.outputs.map(rename),
      attributes: node.attributes as OpAttributes[K],
      isRead: (index) => readValues.has(node.outputs[index]),
    },
    emitter,
  );
}

/** Nodes on a way to the outputs, in their order. */
function neededNodes(nodes: readonly GraphNode[], outputs: readonly Value[]): readonly GraphNode[] {
  const wanted = new Set(outputs);
  const needed: GraphNode[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((value) => wanted.has(value))) continue;
    needed.push(node);
    for (const input of node.inputs) wanted.add(input);
  }
  return needed.reverse();
}

class Emitter implements OnnxEmitter {
  readonly nodes: OnnxNode[] = [];
  readonly constants = new Map<string, OnnxConstant>();
  /** Name of the node that is lowered: inner edges are called after it. */
  prefix = "";

  constructor(readonly portable: boolean) {}

  node(opType: string, inputs: readonly string[], { attributes = {}, outputs }: NodeOptions = {}): string {
    const [domain, type] = opType.startsWith("com.microsoft:")
      ? (["com.microsoft", opType.slice("com.microsoft:".length)] as const)
      : (["", opType] as const);
    const names = outputs ?? [`${this.prefix}/${this.nodes.length}`];
    this.nodes.push({ opType: type, domain, inputs, outputs: names, attributes });
    return names[0];
  }

  constant(key: string, dims: readonly number[], data: () => TensorArray): string {
    if (!this.constants.has(key)) this.constants.set(key, { name: key, dims, data: data() });
    return key;
  }

  ints(values: readonly number[]): string {
    const data = () => BigInt64Array.from(values, BigInt);
    return this.constant(`ints.${values.join(".")}`, [values.length], data);
  }

  int(value: number): string {
    return this.constant(`int.${value}`, [], () => BigInt64Array.of(BigInt(value)));
  }

  scalar(dtype: FloatType, value: number): string {
    const data = () => (dtype === "float32" ? Float32Array.of(value) : Float64Array.of(value));
    return this.constant(`scalar.${dtype}.${value}`, [], data);
  }
}
