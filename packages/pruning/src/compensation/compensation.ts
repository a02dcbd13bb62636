import type { InverseCache } from "./inverse-cache.js";
import type { ProjectionStatistics, RefittedProjection } from "./projection.js";

/** What a compensation may use besides a projection's statistics. */
export interface CompensationOptions {
  /** Ridge relative to the mean diagonal of the Gram matrix, > 0. Only `least_squares` reads it. */
  readonly lambda: number;
  /** Keeps inverses for the plans to come. Without it every refit is solved by itself: for statistics that serve once. */
  readonly cache?: InverseCache | undefined;
}

/** A closed-form repair of an output projection whose inputs outside `kept` (ascending) are removed. */
export interface Compensation {
  refit(statistics: ProjectionStatistics, kept: Int32Array, options: CompensationOptions): RefittedProjection;
}
