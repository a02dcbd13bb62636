import type { DType } from "../builder/value.js";
import { elementBytes, elementTypes } from "./element-types.js";
import { graphProto, modelProto, type OnnxModel } from "./onnx-model.js";
import { ProtoWriter } from "./proto-writer.js";

/** A tensor of a model whose numbers are written where they come from, not held in memory. */
export interface OnnxParameter {
  readonly name: string;
  readonly dtype: DType;
  readonly dims: readonly number[];
}

/** Where the numbers of a parameter stand when they are not in the model's own file. */
export interface ExternalPlace {
  /** Name of the file, beside the model's. */
  readonly location: string;
  readonly offset: number;
}

/** One stretch of a model file: bytes, or the numbers of a parameter, row-major and little-endian. */
export type ModelPart = { readonly bytes: Uint8Array } | { readonly parameter: OnnxParameter };

/** Bytes of a parameter's numbers. */
export const parameterBytes = ({ dtype, dims }: OnnxParameter): number =>
  dims.reduce((product, dim) => product * dim, elementBytes[dtype]);

/**
 * A model file as a list of parts in the file's order, made without any of the parameters' numbers: lengths of nested
 * messages stand before them, and all of them follow from names and shapes. `placeOf` says which parameters stand in other files.
 */
export function storedModelParts(
  model: OnnxModel,
  parameters: readonly OnnxParameter[],
  placeOf: (parameter: OnnxParameter) => ExternalPlace | undefined = () => undefined,
): readonly ModelPart[] {
  const rest = graphProto(model).finish();
  const entries = parameters.map((parameter) => ({ parameter, ...initializer(parameter, placeOf(parameter)) }));
  const length = entries.reduce((sum, { head, body }) => sum + head.length + body, rest.length);
  const parts: ModelPart[] = [{ bytes: modelProto().open(7, length).finish() }, { bytes: rest }];
  for (const { parameter, head, body } of entries) {
    parts.push({ bytes: head });
    if (body > 0) parts.push({ parameter });
  }
  return parts;
}

/**
 * A GraphProto.initializer (5) up to its numbers, and their bytes. TensorProto: dims 1, data_type 2, name 8, raw_data 9,
 * external_data 13 (key 1, value 2), data_location 14 (EXTERNAL 1).
 */
function initializer(
  parameter: OnnxParameter,
  place: ExternalPlace | undefined,
): { readonly head: Uint8Array; readonly body: number } {
  const size = parameterBytes(parameter);
  const tensor = new ProtoWriter();
  for (const dim of parameter.dims) tensor.int(1, dim);
  tensor.int(2, elementTypes[parameter.dtype]).string(8, parameter.name);
  if (place === undefined) tensor.open(9, size);
  else {
    const entries = { location: place.location, offset: String(place.offset), length: String(size) };
    for (const [key, value] of Object.entries(entries)) {
      tensor.message(13, new ProtoWriter().string(1, key).string(2, value));
    }
    tensor.int(14, 1);
  }
  const head = tensor.finish();
  const body = place === undefined ? size : 0;
  const opened = new ProtoWriter().open(5, head.length + body).finish();
  const whole = new Uint8Array(opened.length + head.length);
  whole.set(opened);
  whole.set(head, opened.length);
  return { head: whole, body };
}
