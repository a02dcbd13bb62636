import type { CompensationName } from "../../compensation/index.js";
import type { EffectModel } from "./effects.js";
import { centredMask, mask } from "./mask.js";
import { refit } from "./refit.js";

export type { Effect, EffectInput, EffectModel, ProjectionEffects } from "./effects.js";

/** What a unit more or less does, by the compensation that follows. */
export const effectModels = { none: mask, bias: centredMask, least_squares: refit } as const satisfies Record<
  CompensationName,
  EffectModel
>;
