import { familyRegistry } from "./families/registry.js";
import type { ExpectedTensor, ModelConfig } from "./model-config.js";

/** The tensors that a model of this config has, in the order in which we write them. */
export const expectedTensors = (config: Pick<ModelConfig, "family" | "shape">): readonly ExpectedTensor[] =>
  familyRegistry[config.family].tensors(config.shape);
