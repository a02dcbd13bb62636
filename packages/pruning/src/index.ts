// Units, mixing, allocation, plan, compensation.
export * from "./allocation/index.js";
export * from "./compensation/index.js";
export { type AggregationName, aggregate, aggregationNames } from "./importance/aggregate.js";
export { type MixtureOptions, type MixtureTerm, mixDensities } from "./importance/mix.js";
export { type NormalisationName, normalisationNames, normalise } from "./importance/normalise.js";
export * from "./plan/index.js";
export * from "./units/index.js";
