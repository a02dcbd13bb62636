/** One metadata value of a GGUF file, with the type that it is stored as. */
export type GgufValue =
  | { readonly type: "uint32" | "int32" | "float32"; readonly value: number }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "array"; readonly of: "int32" | "float32"; readonly value: ArrayLike<number> }
  | { readonly type: "array"; readonly of: "string"; readonly value: readonly string[] };

/** Metadata by key, such as `general.architecture`, in file order. */
export type GgufMetadata = ReadonlyMap<string, GgufValue>;

/** Numbers by which the format names its value types. */
export const valueTypeIds = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const satisfies Record<
  GgufValue["type"],
  number
>;

export const uint32 = (value: number): GgufValue => ({ type: "uint32", value });
export const float32 = (value: number): GgufValue => ({ type: "float32", value });
export const bool = (value: boolean): GgufValue => ({ type: "bool", value });
export const string = (value: string): GgufValue => ({ type: "string", value });
export const int32s = (value: ArrayLike<number>): GgufValue => ({ type: "array", of: "int32", value });
export const float32s = (value: ArrayLike<number>): GgufValue => ({ type: "array", of: "float32", value });
export const strings = (value: readonly string[]): GgufValue => ({ type: "array", of: "string", value });
