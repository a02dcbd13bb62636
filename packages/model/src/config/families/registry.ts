import type { FamilyName, ModelFamily } from "../model-config.js";
import { llama } from "./llama.js";

/** All families; a name without an entry does not compile. */
export const familyRegistry = { llama } as const satisfies Record<FamilyName, ModelFamily>;

/** Whether a `model_type` is one that we read. */
export const isFamilyName = (name: string): name is FamilyName => Object.hasOwn(familyRegistry, name);
