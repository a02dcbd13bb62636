import type { OutputProjectionName } from "../units/vectors.js";

/** What is known of one output projection and the inputs that calibration sent through it. */
export interface ProjectionStatistics {
  readonly layer: number;
  readonly projection: OutputProjectionName;
  /** Rows of W: the hidden size. */
  readonly outputs: number;
  /** Columns of W: H·d for o_proj, F for down_proj. */
  readonly inputs: number;
  /** W [outputs, inputs]. */
  readonly weight: Float32Array;
  /** G = Σ x·xᵀ [inputs, inputs]. Scaling it has no effect, so sums and means serve alike. */
  readonly gram?: Float32Array | Float64Array;
  /** Mean input per token [inputs]. */
  readonly mean?: Float64Array;
}

/** What takes the place of a projection in the masked graph. */
export interface RefittedProjection {
  /** [outputs, inputs] with zeros in removed columns; absent: the dense weight serves, the gates mask it. */
  readonly weight?: Float32Array;
  /** [outputs], to be added to the projection's output; absent: none. */
  readonly bias?: Float32Array;
}
