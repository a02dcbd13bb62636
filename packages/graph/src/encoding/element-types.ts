import type { DType } from "../builder/value.js";

/** Numbers of ONNX's element types (TensorProto.DataType of the public onnx.proto). */
export const elementTypes: Readonly<Record<DType, number>> = {
  float32: 1,
  int8: 3,
  int64: 7,
  float16: 10,
  float64: 11,
};

/** Bytes of one number. */
export const elementBytes: Readonly<Record<DType, number>> = { float32: 4, int8: 1, int64: 8, float16: 2, float64: 8 };
