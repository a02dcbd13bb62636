import { randomSampler } from "./random-sampler.js";
import type { Sampler } from "./sampler.js";
import { type TpeOptions, tpeOptions } from "./tpe/options.js";
import { tpeSampler } from "./tpe/tpe-sampler.js";

/** Names of the samplers, for job settings. */
export const samplerNames = ["random", "tpe"] as const;

/** Name of a sampler. */
export type SamplerName = (typeof samplerNames)[number];

/** Makes each sampler; options that a sampler does not know are ignored. */
export const samplerRegistry: Readonly<Record<SamplerName, (options?: Partial<TpeOptions>) => Sampler>> = {
  random: () => randomSampler,
  tpe: (options) => tpeSampler(tpeOptions(options)),
};
