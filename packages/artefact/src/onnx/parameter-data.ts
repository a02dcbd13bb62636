import { type OnnxParameter, parameterBytes, scaleName } from "@espalier/graph";
import { toHalves } from "@espalier/model";
import type { SlicedTensor } from "../slice/sliced-model.js";
import { int8Rows, rowScales } from "./int8-rows.js";

/** Gives the numbers of a parameter as bytes; only one tensor is in memory at a time. */
export type ParameterData = (parameter: OnnxParameter) => Uint8Array;

/** The parameters of a stored decoder out of a model's tensors: as they are, in half precision, or as int8 rows and scales. */
export function parameterData(tensors: readonly SlicedTensor[]): ParameterData {
  const known = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const scaled = new Map(tensors.map((tensor) => [scaleName(tensor.name), tensor]));
  return (parameter) => {
    const bytes = bytesOf(parameter, known.get(parameter.name), scaled.get(parameter.name));
    if (bytes.byteLength !== parameterBytes(parameter)) {
      throw new RangeError(`'${parameter.name}' has ${bytes.byteLength} bytes, not ${parameterBytes(parameter)}`);
    }
    return bytes;
  };
}

function bytesOf({ name, dtype, dims }: OnnxParameter, own?: SlicedTensor, scales?: SlicedTensor): Uint8Array {
  if (own === undefined) {
    if (scales === undefined) throw new RangeError(`the model has no tensor '${name}'`);
    return viewOf(rowScales(scales.data(), dims[0]));
  }
  const values = own.data();
  if (dtype === "int8") return viewOf(int8Rows(values, dims[0]));
  return viewOf(dtype === "float16" ? toHalves(values) : values);
}

const viewOf = ({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array | Int8Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
