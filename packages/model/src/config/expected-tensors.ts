import { familyRegistry } from "./families/registry.js";
import type { ExpectedTensor, ModelConfig, TensorLayout } from "./model-config.js";

/** The tensors that a model of this config has, in the order in which we write them. */
export const expectedTensors = (config: TensorLayout & Pick<ModelConfig, "family">): readonly ExpectedTensor[] =>
  familyRegistry[config.family].tensors(config);
