export { biasVector } from "./bias.js";
export {
  type CompensatedProjection,
  type CompensationName,
  compensate,
  compensationNames,
  type Repair,
} from "./compensate.js";
export type { CompensationOptions } from "./compensation.js";
export { InverseCache } from "./inverse-cache.js";
export type { ProjectionStatistics, RefittedProjection } from "./projection.js";
