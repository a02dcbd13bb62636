import type { OnnxModel } from "./encoding/onnx-model.js";
import type { OnnxParameter } from "./encoding/stored-model.js";

/** A graph whose weights are part of it, but are written to its file from elsewhere (`storedModelParts`). */
export interface StoredGraph {
  readonly model: OnnxModel;
  /** In the order in which they are written. */
  readonly parameters: readonly OnnxParameter[];
}
