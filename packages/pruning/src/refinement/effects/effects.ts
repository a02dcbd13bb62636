import type { InverseCache, ProjectionStatistics } from "../../compensation/index.js";
import type { ProjectionGradient } from "../loss-gradients.js";

/** One projection of a candidate, as a blocks-of-inputs problem: a unit is `blockWidth` neighbouring inputs. */
export interface EffectInput {
  readonly statistics: ProjectionStatistics;
  readonly gradient: ProjectionGradient;
  /** Inputs that the candidate keeps, ascending, whole blocks. */
  readonly kept: Int32Array;
  /** Inputs that it has lost: first whole blocks that can come back, `restorable` inputs together, then the others. */
  readonly removed: Int32Array;
  readonly restorable: number;
  readonly blockWidth: number;
  /** Ridge of the candidate's refit. */
  readonly lambda: number;
  readonly cache: InverseCache;
}

/**
 * A predicted change of the mean loss by one unit: slope·step plus half the curvature along it. Kept apart, so that the
 * trust in the second term can be chosen.
 */
export interface Effect {
  readonly first: number;
  /** ≥ 0. */
  readonly second: number;
}

/** What toggling each unit would do to a candidate's loss, its compensation carried out anew. */
export interface ProjectionEffects {
  /** Of removing each kept unit, in order. */
  readonly removal: readonly Effect[];
  /** Of restoring each lost unit that can come back, in order. */
  readonly restoration: readonly Effect[];
}

/** How a compensation answers when one more unit leaves or one comes back. */
export interface EffectModel {
  effects(input: EffectInput): ProjectionEffects;
}
