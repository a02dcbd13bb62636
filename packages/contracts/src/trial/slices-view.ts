import { z } from "zod";
import { analysedTrials } from "./importance-view.js";
import { parameterValue } from "./trial-view.js";

export const slicesQuery = z.strictObject({
  points: z.coerce.number().int().min(2).max(2000).default(200).describe("At most this many points of each parameter"),
});
export type SlicesQuery = z.infer<typeof slicesQuery>;

const slicePoint = z.strictObject({
  value: parameterValue,
  score: z.number(),
  number: z.number().int().min(0).describe("Number of the trial"),
});
export type SlicePoint = z.infer<typeof slicePoint>;

/** A parameter of the search space, with the values that it may have. */
export const parameterRange = z.strictObject({
  name: z.string(),
  type: z.enum(["float", "int", "categorical"]),
  low: z.number().nullable().describe("Null for a categorical parameter"),
  high: z.number().nullable(),
  step: z.number().nullable(),
  log: z.boolean(),
  choices: z.array(parameterValue).nullable().describe("Null for a numeric parameter"),
});
export type ParameterRange = z.infer<typeof parameterRange>;

const slice = parameterRange.extend({
  best: slicePoint.nullable().describe("Where the best of the trials lies; null when it lacks the parameter"),
  points: z.array(slicePoint).describe("By trial number; the best one is always among them"),
});
export type Slice = z.infer<typeof slice>;

/** Answer to `GET /v1/jobs/{id}/slices`. */
export const slicesView = z.strictObject({
  ...analysedTrials,
  parameters: z.array(slice).describe("Empty before the job has a search space"),
});
export type SlicesView = z.infer<typeof slicesView>;
