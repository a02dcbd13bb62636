import type { DecoderShape } from "@espalier/contracts";
import { knowsUnits } from "../importance/metrics-of.js";
import type { MetricName } from "./materials.js";

const known = [
  "obs_fisher",
  "obs",
  "taylor_second",
  "easy_ep",
  "taylor_first",
  "stun",
  "flap_wifv",
  "wanda_sp",
  "magnitude_l2",
] as const satisfies readonly MetricName[];

/**
 * Metrics that preset `espalier` mixes for a model unless the job names others; the first one alone is the neutral
 * mixture.
 */
export const defaultMetrics = (shape: Pick<DecoderShape, "layers">): readonly MetricName[] =>
  known.filter((metric) => knowsUnits(shape, metric));
