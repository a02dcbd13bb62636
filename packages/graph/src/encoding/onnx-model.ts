import type { Dim, DType, Shape } from "../builder/value.js";
import type { InputSpec, OutputSpec } from "../finished-graph.js";
import type { TensorArray } from "../tensor.js";
import { dtypeOf } from "../tensor.js";
import { elementTypes } from "./element-types.js";
import { ProtoWriter } from "./proto-writer.js";

/** An attribute of an ONNX node: integers, lists of integers, floats or text. */
export type OnnxAttribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly text: string };

/** One node in ONNX's own operator set; an empty name stands for an optional edge that is left out. */
export interface OnnxNode {
  readonly opType: string;
  /** "" is the standard operator set, "com.microsoft" ONNX Runtime's additions. */
  readonly domain: "" | "com.microsoft";
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** A tensor that is part of the model. */
export interface OnnxConstant {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: TensorArray;
}

/** A whole model in ONNX's terms. */
export interface OnnxModel {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
  readonly inputs: readonly InputSpec[];
  readonly outputs: readonly OutputSpec[];
  /** What sizes are called that are known at run time only; by default as the builder calls them. */
  readonly dimNames?: Readonly<Partial<Record<Dim, string>>>;
}

// Versions and field numbers below are those of the public onnx.proto (github.com/onnx/onnx).
const IR_VERSION = 9;
/** First operator set with sum-reducing scatters and axes of all reductions as inputs. */
const STANDARD_OPSET = 18;
const MICROSOFT_OPSET = 1;

/** Bytes of a ModelProto. The same model always gives the same bytes. */
export function encodeModel(model: OnnxModel): Uint8Array {
  return modelProto().message(7, graphProto(model)).finish();
}

/** A ModelProto without its graph (7): ir_version 1, producer_name 2, opset_import 8. */
export function modelProto(): ProtoWriter {
  return new ProtoWriter()
    .int(1, IR_VERSION)
    .string(2, "espalier")
    .message(8, new ProtoWriter().string(1, "").int(2, STANDARD_OPSET))
    .message(8, new ProtoWriter().string(1, "com.microsoft").int(2, MICROSOFT_OPSET));
}

/** GraphProto: node 1, name 2, initializer 5, input 11, output 12. */
export function graphProto(model: OnnxModel): ProtoWriter {
  const { dimNames = {} } = model;
  const writer = new ProtoWriter();
  for (const entry of model.nodes) writer.message(1, node(entry));
  writer.string(2, model.name);
  for (const entry of model.constants) writer.message(5, tensor(entry));
  for (const { name, dtype, shape, broadcastBatch } of model.inputs) {
    writer.message(11, valueInfo(name, dtype, shape, broadcastBatch ? { ...dimNames, B: "G" } : dimNames));
  }
  for (const { name, dtype, shape } of model.outputs) writer.message(12, valueInfo(name, dtype, shape, dimNames));
  return writer;
}

/** NodeProto: input 1, output 2, name 3, op_type 4, attribute 5, domain 7. */
function node(entry: OnnxNode): ProtoWriter {
  const writer = new ProtoWriter();
  for (const name of entry.inputs) writer.string(1, name);
  for (const name of entry.outputs) writer.string(2, name);
  writer.string(3, entry.outputs.find((name) => name !== "") ?? "").string(4, entry.opType);
  for (const [name, value] of Object.entries(entry.attributes)) writer.message(5, attribute(name, value));
  return writer.string(7, entry.domain);
}

/** AttributeProto: name 1, f 2, i 3, s 4, ints 8, type 20 (FLOAT 1, INT 2, STRING 3, INTS 7). */
function attribute(name: string, value: OnnxAttribute): ProtoWriter {
  const writer = new ProtoWriter().string(1, name);
  if ("float" in value) return writer.float(2, value.float).int(20, 1);
  if ("int" in value) return writer.int(3, value.int).int(20, 2);
  if ("text" in value) return writer.string(4, value.text).int(20, 3);
  for (const entry of value.ints) writer.int(8, entry);
  return writer.int(20, 7);
}

/** TensorProto: dims 1, data_type 2, name 8, raw_data 9 (little-endian, as every platform that Node runs on). */
function tensor({ name, dims, data }: OnnxConstant): ProtoWriter {
  const writer = new ProtoWriter();
  for (const dim of dims) writer.int(1, dim);
  return writer
    .int(2, elementTypes[dtypeOf(data)])
    .string(8, name)
    .bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

/** ValueInfoProto: name 1, type 2; TypeProto.Tensor: elem_type 1, shape 2; Dimension: dim_value 1, dim_param 2. */
function valueInfo(name: string, dtype: DType, shape: Shape, names: NonNullable<OnnxModel["dimNames"]>): ProtoWriter {
  const dims = new ProtoWriter();
  for (const dim of shape) {
    const entry = new ProtoWriter();
    dims.message(1, typeof dim === "number" ? entry.int(1, dim) : entry.string(2, names[dim] ?? dim));
  }
  const tensorType = new ProtoWriter().int(1, elementTypes[dtype]).message(2, dims);
  return new ProtoWriter().string(1, name).message(2, new ProtoWriter().message(1, tensorType));
}
