import type { CreateJobBody, DecoderShape } from "@espalier/contracts";
import type { CompensationName } from "../compensation/compensate.js";

/** Everything of a job and its model that shapes the space. */
export interface SpaceContext {
  readonly shape: DecoderShape;
  /** Metrics that may be mixed; at least one. */
  readonly metrics: readonly string[];
  /** `search` makes the method a parameter; otherwise it is fixed. */
  readonly compensation: CompensationName | "search";
  readonly layout: CreateJobBody["target"]["layout"];
  /** Calibration clusters of the profile. */
  readonly clusters: number;
  /** Calibration samples of the profile; only `adapruner` picks single ones. */
  readonly samples: number;
}

/** Ridge factors λ that are tried: a grid, so that each inverse is computed once per job. */
export const lambdaGrid = [1e-4, 1e-3, 1e-2, 1e-1] as const;

/** λ of every baseline. */
export const BASELINE_LAMBDA = 1e-3;
