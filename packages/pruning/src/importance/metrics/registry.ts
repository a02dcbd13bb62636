import { adaCoarse } from "./ada-coarse.js";
import { adaFine } from "./ada-fine.js";
import { easyEp } from "./easy-ep.js";
import { expertFrequency } from "./expert-frequency.js";
import { flapIfv } from "./flap-ifv.js";
import { flapWifv } from "./flap-wifv.js";
import { magnitudeL1 } from "./magnitude-l1.js";
import { magnitudeL2 } from "./magnitude-l2.js";
import type { ImportanceMetric } from "./metric.js";
import { random } from "./random.js";
import { stun } from "./stun.js";
import { taylorFirst } from "./taylor-first.js";
import { taylorFirstSample } from "./taylor-first-sample.js";
import { taylorMix } from "./taylor-mix.js";
import { taylorSecond } from "./taylor-second.js";
import { taylorVector } from "./taylor-vector.js";
import { wandaSp } from "./wanda-sp.js";

/** Metrics that are computed from recombined statistics; `obs`, which has an order of its own, is not among them. */
export const measuredMetricNames = [
  "magnitude_l1",
  "magnitude_l2",
  "taylor_first",
  "taylor_first_sample",
  "taylor_vector",
  "taylor_second",
  "taylor_mix",
  "ada_coarse",
  "ada_fine",
  "wanda_sp",
  "flap_ifv",
  "flap_wifv",
  "random",
  "easy_ep",
  "stun",
  "expert_frequency",
] as const;
export type MeasuredMetricName = (typeof measuredMetricNames)[number];

export const measuredMetrics: Readonly<Record<MeasuredMetricName, ImportanceMetric>> = {
  magnitude_l1: magnitudeL1,
  magnitude_l2: magnitudeL2,
  taylor_first: taylorFirst,
  taylor_first_sample: taylorFirstSample,
  taylor_vector: taylorVector,
  taylor_second: taylorSecond,
  taylor_mix: taylorMix,
  ada_coarse: adaCoarse,
  ada_fine: adaFine,
  wanda_sp: wandaSp,
  flap_ifv: flapIfv,
  flap_wifv: flapWifv,
  random,
  easy_ep: easyEp,
  stun,
  expert_frequency: expertFrequency,
};

export function isMeasuredMetric(name: string): name is MeasuredMetricName {
  return Object.hasOwn(measuredMetrics, name);
}
