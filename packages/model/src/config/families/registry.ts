import type { FamilyName, ModelFamily } from "../model-config.js";
import { llama } from "./llama.js";
import { mistral } from "./mistral.js";
import { mixtral } from "./mixtral.js";
import { qwen2 } from "./qwen2.js";
import { qwen3 } from "./qwen3.js";
import { qwen3Moe } from "./qwen3-moe.js";

/** All families; a name without an entry does not compile. */
export const familyRegistry = { llama, mistral, mixtral, qwen2, qwen3, qwen3_moe: qwen3Moe } as const satisfies Record<
  FamilyName,
  ModelFamily
>;

/** Whether a `model_type` is one that we read. */
export const isFamilyName = (name: string): name is FamilyName => Object.hasOwn(familyRegistry, name);
